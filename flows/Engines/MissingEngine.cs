using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Engines;

/// <summary>An engine of a flow whose columns may lack a value: the density is that of the values that are there, <c>log p(x_known | which are known, c)</c>.</summary>
/// <remarks>
/// What the engine below finds the missing values to be worth is taken away; see <see cref="MissingWorth"/>. It has no parameters:
/// it changes densities and the loss, and no gradient.
/// </remarks>
internal sealed class MissingEngine(IFlowEngine whole) : IFlowEngine
{
    private readonly MissingWorth _missing = new(whole.Spec);
    private readonly int _width = whole.Spec.Columns.Length + whole.Spec.Context.Length;

    public FlowSpec Spec => whole.Spec;

    public Span<float> Parameters => whole.Parameters;

    public double Gradient(ReadOnlySpan<double> rows, Span<float> gradient, TrainingDraw draw = default, ReadOnlySpan<float> weights = default)
    {
        var loss = whole.Gradient(rows, gradient, draw, weights);
        for (var row = 0; row < rows.Length / _width; row++) loss += (weights.IsEmpty ? 1 : weights[row]) * _missing.Of(rows.Slice(row * _width, _width));
        return loss;
    }

    public void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        whole.LogDensity(rows, logDensity, latent);
        for (var row = 0; row < logDensity.Length; row++)
            if (_missing.Of(rows.Slice(row * _width, _width)) is not 0 and var missing) logDensity[row] = (float)(logDensity[row] - missing);
    }

    public void Draw(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent) => whole.Draw(random, first, context, latent);

    public void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows) => whole.Generate(latent, context, rows);

    public void Dispose() => whole.Dispose();
}
