using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Flows.Engines;

/// <summary>An engine of a flow with modelled categories: <c>log p(k, x) = log p(k) + log p(x | k)</c>.</summary>
/// <remarks>log p(k) has no parameters: it changes densities and the loss, and no gradient.</remarks>
internal sealed class MixedEngine(IFlowEngine continuous, Categorical categories) : IFlowEngine
{
    private readonly int _dimension = continuous.Spec.Columns.Length;
    private readonly int _width = continuous.Spec.Columns.Length + continuous.Spec.Context.Length;

    public FlowSpec Spec => continuous.Spec;

    public Span<float> Parameters => continuous.Parameters;

    public double Gradient(ReadOnlySpan<double> rows, Span<float> gradient, TrainingDraw draw = default, ReadOnlySpan<float> weights = default)
    {
        var loss = continuous.Gradient(rows, gradient, draw, weights);
        for (var row = 0; row < rows.Length / _width; row++) loss -= (weights.IsEmpty ? 1 : weights[row]) * LogProb(rows, row);
        return loss;
    }

    public void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        continuous.LogDensity(rows, logDensity, latent);
        for (var row = 0; row < logDensity.Length; row++) logDensity[row] += (float)LogProb(rows, row);
    }

    public void Draw(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent) => continuous.Draw(random, first, context, latent);

    public void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows) => continuous.Generate(latent, context, rows);

    public void Dispose() => continuous.Dispose();

    private double LogProb(ReadOnlySpan<double> rows, int row) => categories.LogProb(rows[(row * _width + _dimension)..((row + 1) * _width)]);
}
