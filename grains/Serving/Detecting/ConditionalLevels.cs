namespace FlowGrain.Serving;

/// <summary>log P(level | the other columns) of a category: its row beside the same row with every level, an exact sum.</summary>
/// <param name="level">The level.</param>
/// <param name="levels">How many there are.</param>
/// <param name="rounding">What a log-density may be off by, nats.</param>
internal sealed class ConditionalLevels(int level, int levels, double rounding) : ColumnConditional
{
    private double[] _answers = [];

    internal override double[] Next() => _answers.Length > 0 ? [] : [.. Enumerable.Range(0, levels).Select(one => (double)one)];

    internal override void Add(ReadOnlySpan<float> logDensity)
    {
        _answers = new double[logDensity.Length];
        for (var i = 0; i < _answers.Length; i++) _answers[i] = Known(logDensity[i]);
    }

    internal override ColumnShare Share(string column)
    {
        var highest = _answers.Max();
        if (!double.IsFinite(highest)) return Unknown(column);
        var log = highest + Math.Log(_answers.Sum(answer => Math.Exp(answer - highest)));
        double[] probabilities = [.. _answers.Select(answer => Math.Exp(answer - log))];
        var mean = probabilities.Select((share, i) => share > 0 ? share * (_answers[i] - log) : 0).Sum();
        var conditional = _answers[level] - log;
        return new ColumnShare(column, conditional, 2 * rounding, mean - conditional, double.NaN, double.NaN);
    }
}
