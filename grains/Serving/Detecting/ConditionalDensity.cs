namespace FlowGrain.Serving;

/// <summary>
/// log p(x | the other columns) = log p(row) − log ∫ p(row with t) dt, the integral from 128 points: 64 look over the range of the
/// column and around the value, 24 over the peaks that these show, and 40 more over the peaks that all of them show.
/// </summary>
/// <remarks>
/// Its error is how far the two halves of the last points are from their sum, how far that is from the trapezoids over all points,
/// which see what lies between the peaks, and what float32 rounds. A needle that stands inside of a broad peak, a hundredth of the
/// column's spread wide, hides from so few points.
/// </remarks>
/// <param name="value">The column's value.</param>
/// <param name="logDensity">Of the row as it is.</param>
/// <param name="center">The middle of the column.</param>
/// <param name="scale">Its spread.</param>
/// <param name="rounding">What a log-density may be off by, nats.</param>
internal sealed class ConditionalDensity(double value, double logDensity, double center, double scale, double rounding) : ColumnConditional
{
    private static readonly int[] Steps = [64, 24, 40];

    private readonly SortedList<double, double> _known = new() { [value] = logDensity };
    private (double Point, double Weight)[] _asked = [];
    private double[] _answers = [];
    private int _step;

    /// <summary>Log-densities that it asks for.</summary>
    internal const int Calls = 128;

    /// <summary>Those of them that it asks for at once, at most.</summary>
    internal const int CallsAtOnce = 64;

    internal override double[] Next()
    {
        if (_step == Steps.Length || (_step > 0 && !_known.Values.Any(double.IsFinite))) return [];
        _asked = new CauchyMixture(_step == 0 ? [new(0.5, center, scale), new(0.5, value, scale)] : new Peaks([.. Finite.Select(one => one.Key)], [.. Finite.Select(one => one.Value)]).Components())
            .Midpoints(Steps[_step++]);
        return [.. _asked.Select(asked => asked.Point)];
    }

    internal override void Add(ReadOnlySpan<float> answers)
    {
        _answers = new double[answers.Length];
        for (var i = 0; i < answers.Length; i++) _known[_asked[i].Point] = _answers[i] = Known(answers[i]);
    }

    internal override ColumnShare Share(string column)
    {
        if (!_known.Values.Any(double.IsFinite)) return Unknown(column);
        var (log, error) = Integral();
        var trapezoids = new Trapezoids([.. _known.Keys], [.. _known.Values]);
        var conditional = logDensity - log;
        return new ColumnShare(column, conditional, error, trapezoids.MeanLog - log - conditional, trapezoids.Quantile(0.05), trapezoids.Quantile(0.95));
    }

    /// <summary>Where it is not known that the density is zero.</summary>
    private IEnumerable<KeyValuePair<double, double>> Finite => _known.Select(one => double.IsFinite(one.Value) ? one : new(one.Key, -1e9));

    private (double Log, double Error) Integral()
    {
        var highest = _known.Values.Max();
        var (even, odd) = (Half(0, highest), Half(1, highest));
        var log = highest + Math.Log((even + odd) / 2);
        var all = new Trapezoids([.. _known.Keys], [.. _known.Values]).LogIntegral;
        var error = Math.Abs(Math.Log(even) - Math.Log(odd)) / 2 + Math.Abs(log - all) + 2 * rounding;
        return double.IsFinite(log) ? (log, error) : (all, double.PositiveInfinity);
    }

    /// <summary>The integral from every second point, over its highest value.</summary>
    private double Half(int first, double highest)
    {
        var sum = 0.0;
        for (var i = first; i < _answers.Length; i += 2) sum += 2 * Math.Exp(_answers[i] - highest) * _asked[i].Weight;
        return sum;
    }
}
