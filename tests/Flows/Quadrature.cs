using FlowGrain.Flows;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows;

/// <summary>
/// The integral of a density in one or two columns over all of space: midpoints in u of <c>x = m + s·tan(πu/2)</c>, with
/// m and s of some draws, of an angle evenly round its circle, refined until two answers agree to 5e-4: the last is nearer than that, as its error falls with every refinement.
/// </summary>
internal static class Quadrature
{
    private const double Agreement = 5e-4;
    private const int FewestPoints = 64; // along an axis
    private const int MostPoints = 1 << 22; // of the whole grid
    private const int Chunk = 1 << 15;

    internal static double Integral(Flow flow, double[] context)
    {
        using var noGradient = no_grad();
        var axes = Axes(flow, context);
        var before = double.NaN;
        for (var points = FewestPoints; Math.Pow(points, axes.Length) <= MostPoints; points *= 2)
        {
            var sum = Sum(flow, context, axes, points);
            if (Math.Abs(sum - before) < Agreement) return sum;
            before = sum;
        }

        throw new InvalidOperationException($"The integral did not settle; the last answer was {before}.");
    }

    private static (double Middle, double Spread, CircleMap? Circle)[] Axes(Flow flow, double[] context)
    {
        using var scope = NewDisposeScope();
        var x = flow.Sample(new CounterRandom(1, "axes"), first: 0, rows: 1000, Given(context, 1000)).X;
        return [.. Enumerable.Range(0, flow.Dimension).Select(column => x.select(1, column)).Select((values, column) => (values.mean().Item<double>(), values.std().Item<double>(), flow.Spec.Marginal()?.Maps[column] as CircleMap))];
    }

    private static double Sum(Flow flow, double[] context, (double Middle, double Spread, CircleMap? Circle)[] axes, int points)
    {
        var total = (int)Math.Pow(points, axes.Length);
        var sum = 0.0;
        for (var first = 0; first < total; first += Chunk) sum += Part(flow, context, axes, points, first, Math.Min(Chunk, total - first));
        return sum;
    }

    private static double Part(Flow flow, double[] context, (double Middle, double Spread, CircleMap? Circle)[] axes, int points, int first, int count)
    {
        using var scope = NewDisposeScope();
        var (rows, volumes) = (new double[count * axes.Length], new double[count]);
        for (var i = 0; i < count; i++)
        {
            volumes[i] = 1;
            for (var (axis, index) = (0, first + i); axis < axes.Length; axis++, index /= points)
            {
                if (axes[axis].Circle is { } circle)
                {
                    rows[i * axes.Length + axis] = circle.From + circle.Period * (index % points + 0.5) / points;
                    volumes[i] *= circle.Period / points;
                    continue;
                }

                var angle = Math.PI / 2 * (2 * (index % points + 0.5) / points - 1);
                rows[i * axes.Length + axis] = axes[axis].Middle + axes[axis].Spread * Math.Tan(angle);
                volumes[i] *= axes[axis].Spread * Math.PI / points / Math.Pow(Math.Cos(angle), 2);
            }
        }

        return (flow.LogProb(tensor(rows, count, axes.Length), Given(context, count)).exp() * tensor(volumes)).sum().Item<double>();
    }

    private static Tensor? Given(double[] context, int rows) => context.Length == 0 ? null : tensor(context).unsqueeze(0).expand(rows, context.Length);
}
