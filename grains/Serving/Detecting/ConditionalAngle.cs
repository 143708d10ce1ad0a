using FlowGrain.Flows.Marginals;

namespace FlowGrain.Serving;

/// <summary>log p(x | the other columns) of an angle: trapezoids round its circle, from 64 points evenly and then four times from the middles of the 16 stretches that have the most of the density.</summary>
/// <remarks>Its error is how far the trapezoids of every second point are from those of all, which is more than all are off, and what float32 rounds.</remarks>
/// <param name="value">The angle.</param>
/// <param name="logDensity">Of the row as it is.</param>
/// <param name="circle">The circle.</param>
/// <param name="rounding">What a log-density may be off by, nats.</param>
internal sealed class ConditionalAngle(double value, double logDensity, CircleMap circle, double rounding) : ColumnConditional
{
    private const int Even = ConditionalDensity.CallsAtOnce;
    private const int Halved = 16;

    private readonly SortedList<double, double> _known = new() { [0] = logDensity }; // by the way from the value on
    private double[] _asked = [];

    internal override double[] Next()
    {
        _asked = _known.Count == 1 ? [.. Enumerable.Range(1, Even - 1).Select(i => circle.Period * i / Even)]
            : _known.Count + Halved > ConditionalDensity.Calls || !_known.Values.Any(double.IsFinite) ? [] : Middles();
        return [.. _asked.Select(way => value + way)];
    }

    internal override void Add(ReadOnlySpan<float> answers)
    {
        for (var i = 0; i < answers.Length; i++) _known[_asked[i]] = Known(answers[i]);
    }

    internal override ColumnShare Share(string column)
    {
        if (!_known.Values.Any(double.IsFinite)) return Unknown(column);
        var line = Round(each: 1);
        var conditional = logDensity - line.LogIntegral;
        return new ColumnShare(
            column, conditional, Math.Abs(line.LogIntegral - Round(each: 2).LogIntegral) + 2 * rounding, line.MeanLog - line.LogIntegral - conditional,
            Within(line.Quantile(0.05)), Within(line.Quantile(0.95)));
    }

    /// <summary>The circle as a line, opened where the density is lowest, so that a share of it is a stretch.</summary>
    private Trapezoids Round(int each)
    {
        var (ways, logs, count) = (_known.Keys, _known.Values, _known.Count);
        var cut = logs.IndexOf(logs.Min());
        int[] order = [.. Enumerable.Range(cut, count).Where((_, i) => i % each == 0), cut + count];
        return new Trapezoids([.. order.Select(i => value + ways[i % count] + circle.Period * (i / count))], [.. order.Select(i => logs[i % count])]);
    }

    private double[] Middles()
    {
        var (ways, logs, highest) = (_known.Keys, _known.Values, _known.Values.Max());
        return [.. Enumerable.Range(0, ways.Count).Select(i => (From: ways[i], To: i + 1 < ways.Count ? ways[i + 1] : circle.Period, Mass: Math.Exp(logs[i] - highest) + Math.Exp(logs[(i + 1) % ways.Count] - highest)))
            .OrderByDescending(stretch => stretch.Mass * (stretch.To - stretch.From)).Take(Halved).Select(stretch => (stretch.From + stretch.To) / 2)];
    }

    private double Within(double angle) => CircleMap.Within(angle, circle.Period, circle.From);
}
