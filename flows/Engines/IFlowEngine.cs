using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Engines;

/// <summary>A flow ready to compute on one thread: weights are written into it, rows go through it.</summary>
/// <remarks>
/// Rows are float64, row-major <c>[B, D + C]</c>, in the units of the data; a row that is not a number anywhere has a log-density,
/// or a draw, that is none. Sizes that do not fit are an <see cref="ArgumentException"/>. Not safe for two threads at once.
/// </remarks>
public interface IFlowEngine : IDisposable
{
    /// <summary>What it computes.</summary>
    FlowSpec Spec { get; }

    /// <summary>The weights, <c>[P]</c>: write them here before computing.</summary>
    Span<float> Parameters { get; }

    /// <summary>The gradient of the objective's loss over the rows, which replaces what <paramref name="gradient"/> held, and that loss: Σ −w log p in nats for maximum likelihood.</summary>
    /// <param name="rows"><c>[B, D + C]</c>.</param>
    /// <param name="gradient"><c>[P]</c>.</param>
    /// <param name="draw">The random numbers of the rows, for flows whose training needs some.</param>
    /// <param name="weights"><c>[B]</c>, how often each row counts, not below zero; empty where each counts once.</param>
    double Gradient(ReadOnlySpan<double> rows, Span<float> gradient, TrainingDraw draw = default, ReadOnlySpan<float> weights = default);

    /// <summary>The log-density of each row, in nats.</summary>
    /// <param name="rows"><c>[B, D + C]</c>.</param>
    /// <param name="logDensity"><c>[B]</c>.</param>
    /// <param name="latent"><c>[B, D]</c> for z, or empty.</param>
    void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent);

    /// <summary>Draws of the base, number <paramref name="first"/> and following of a stream; each depends on the stream and its number alone.</summary>
    /// <param name="random">The stream.</param>
    /// <param name="first">Number of the first draw.</param>
    /// <param name="context"><c>[B, C]</c>, units of the data; empty without context.</param>
    /// <param name="latent">Receives <c>[B, D]</c>.</param>
    void Draw(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent);

    /// <summary>Base to data.</summary>
    /// <param name="latent"><c>[B, D]</c>.</param>
    /// <param name="context"><c>[B, C]</c>, units of the data; empty without context.</param>
    /// <param name="rows">Receives <c>[B, D]</c>, units of the data.</param>
    void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows);
}
