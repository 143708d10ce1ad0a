using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Engines;

/// <summary>An engine of a flow whose columns may lack a value: the density is that of the values that are there, <c>log p(x_known | which are known, c)</c>.</summary>
/// <remarks>
/// What lacks a value passes the flow as it came, so the engine below counts it as a draw of the base, through the maps of its
/// column alone: that is taken away, <c>log p(x_known) = log p(x) − Σ (log N(z) + log |dz/dx|)</c> over what is missing. It has no
/// parameters: it changes densities and the loss, and no gradient.
/// </remarks>
internal sealed class MissingEngine(IFlowEngine whole) : IFlowEngine
{
    private readonly StandardizeSpec _scaling = whole.Spec.Standardize();
    private readonly MarginalSpec? _marginal = whole.Spec.Marginal();
    private readonly int[] _columns = [.. whole.Spec.Missing!.Value];
    private readonly int _width = whole.Spec.Columns.Length + whole.Spec.Context.Length;

    public FlowSpec Spec => whole.Spec;

    public Span<float> Parameters => whole.Parameters;

    public double Gradient(ReadOnlySpan<double> rows, Span<float> gradient, TrainingDraw draw = default)
    {
        var loss = whole.Gradient(rows, gradient, draw);
        for (var row = 0; row < rows.Length; row += _width) loss += OfMissing(rows.Slice(row, _width));
        return loss;
    }

    public void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        whole.LogDensity(rows, logDensity, latent);
        for (var row = 0; row < logDensity.Length; row++)
            if (OfMissing(rows.Slice(row * _width, _width)) is not 0 and var missing) logDensity[row] = (float)(logDensity[row] - missing);
    }

    public void Draw(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent) => whole.Draw(random, first, context, latent);

    public void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows) => whole.Generate(latent, context, rows);

    public void Dispose() => whole.Dispose();

    /// <summary>What the flow finds the missing values of a row <c>[D + C]</c> to be worth, nats.</summary>
    private double OfMissing(ReadOnlySpan<double> row)
    {
        var sum = 0.0;
        var flags = row[^_columns.Length..];
        foreach (var given in row[Spec.Columns.Length..]) sum += 0 * given; // where that is no number, neither is the density of what is there
        for (var i = 0; i < _columns.Length; i++)
            if (flags[i] < MissingColumns.Half) sum += LogDensity(_columns[i], row[_columns[i]]);
        return sum;
    }

    private double LogDensity(int column, double x)
    {
        var logSlope = 0.0;
        var y = _marginal is null ? x : _marginal.Maps[column].Normalize(x, out logSlope);
        var z = (y - _scaling.Shift[column]) / _scaling.Scale[column];
        return logSlope - PortableMath.Log(_scaling.Scale[column]) - 0.5 * (z * z + PortableMath.LogTwoPi);
    }
}
