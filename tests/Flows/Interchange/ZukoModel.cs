using FlowGrain.Flows.Interchange;
using static FlowGrain.Tests.Flows.Interchange.PythonNumbers;

namespace FlowGrain.Tests.Flows.Interchange;

/// <summary>Builds flows as zuko has them: names, masks and formulas of its layers.</summary>
internal sealed class ZukoModel
{
    internal const int Hidden = 9;
    internal const int Bins = 5;
    internal const double Bound = 3;
    private static readonly double Log = Math.Log(1e3);

    private readonly int _columns, _context;
    private int _layers;

    internal ZukoModel(int columns, int context = 0)
    {
        (_columns, _context, Flow) = (columns, context, new PythonFlow(columns, context));
        Flow.Buffer("base.loc", StateType.Float32, [columns], new double[columns]);
        Flow.Buffer("base.scale", StateType.Float32, [columns], Enumerable.Repeat(1.0, columns));
    }

    internal PythonFlow Flow { get; }

    internal ZukoModel Affine()
    {
        var prefix = Prefix();
        var (shift, scale) = (Flow.Random($"{prefix}loc", [_columns]), Flow.Random($"{prefix}scale", [_columns], 0.2, center: 0.7));
        Flow.Layers.Add((x, _) => ([.. x.Select((value, i) => value * scale[i] + shift[i])], scale.Sum(Math.Log)));
        return this;
    }

    internal ZukoModel Permuted()
    {
        var order = Flow.Permutation();
        Flow.Buffer($"{Prefix()}order", StateType.Int64, [_columns], order.Select(column => (double)column));
        Flow.Layers.Add((x, _) => ([.. order.Select(column => x[column])], 0));
        return this;
    }

    internal ZukoModel Coupling(bool spline, int first = 0)
    {
        var prefix = Prefix();
        int[] passed = [.. Enumerable.Range(0, _columns).Where(column => column % 2 == first)], mapped = [.. Enumerable.Range(0, _columns).Except(passed)];
        Flow.Buffer($"{prefix}mask", StateType.Bool, [_columns], Enumerable.Range(0, _columns).Select(column => passed.Contains(column) ? 1.0 : 0));
        var each = spline ? 3 * Bins - 1 : 2;
        var (a, b, last) = (Flow.Linear($"{prefix}hyper.0.", Hidden, passed.Length + _context), Flow.Linear($"{prefix}hyper.2.", Hidden, Hidden), Flow.Linear($"{prefix}hyper.4.", mapped.Length * each, Hidden));
        Flow.Layers.Add((x, c) => Mapped(x, mapped, last(Relu(b(Relu(a([.. passed.Select(column => x[column]), .. c]))))), spline));
        return this;
    }

    /// <summary>Masks by what an output may depend on: a hidden unit stands for one of the sets of columns that outputs depend on, and sees those that lie within it.</summary>
    internal ZukoModel Autoregressive(bool spline, int[] order)
    {
        var (prefix, each) = (Prefix(), spline ? 3 * Bins - 1 : 2);
        Flow.Buffer($"{prefix}order", StateType.Int64, [_columns], order.Select(place => (double)place));
        bool[][] sets = [.. Enumerable.Range(0, order.Max() + 1).Select(place => Enumerable.Range(0, _columns + _context).Select(input => input >= _columns || place > order[input]).ToArray())];
        int[] reachable = [.. Enumerable.Range(0, sets.Length).Where(set => sets[set].Contains(true))];
        int[] units = [.. Enumerable.Range(0, Hidden).Select(unit => reachable[unit % reachable.Length])], outputs = [.. Enumerable.Range(0, _columns * each).Select(row => order[row / each])];
        var (a, b, last) = (Masked(0, [.. units.Select(set => sets[set])]), Masked(2, Within(units)), Masked(4, Within(outputs)));
        Flow.Layers.Add((x, c) => Mapped(x, [.. Enumerable.Range(0, _columns)], last(Relu(b(Relu(a([.. x, .. c]))))), spline));
        return this;

        bool[][] Within(int[] rows) => [.. rows.Select(row => units.Select(unit => !sets[unit].Index().Any(at => at.Item && !sets[row][at.Index])).ToArray())];

        Func<double[], double[]> Masked(int number, bool[][] mask)
        {
            Flow.Buffer($"{prefix}hyper.{number}.mask", StateType.Bool, [mask.Length, mask[0].Length], mask.SelectMany(row => row.Select(seen => seen ? 1.0 : 0)));
            return Flow.Linear($"{prefix}hyper.{number}.", mask.Length, mask[0].Length, mask);
        }
    }

    private string Prefix() => $"transform.transforms.{_layers++}.";

    private static (double[], double) Mapped(double[] x, int[] columns, double[] made, bool spline)
    {
        var (y, total) = ((double[])x.Clone(), 0.0);
        for (var i = 0; i < columns.Length; i++)
        {
            var logScale = spline ? 0 : SoftClip(made[2 * i + 1], Log);
            (y[columns[i]], var logSlope) = spline ? Splined(x[columns[i]], made.AsSpan(i * (3 * Bins - 1), 3 * Bins - 1).ToArray()) : (x[columns[i]] * Math.Exp(logScale) + made[2 * i], logScale);
            total += logSlope;
        }

        return (y, total);
    }

    private static (double, double) Splined(double x, double[] numbers) => Spline(
        x, Shares(numbers[..Bins]), Shares(numbers[Bins..(2 * Bins)]), [1, .. numbers[(2 * Bins)..].Select(d => Math.Exp(SoftClip(d, Log))), 1], Bound);

    private static double[] Shares(double[] logits) => Softmax([.. logits.Select(logit => SoftClip(logit, Log / 2))]);
}
