using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>The usual engine, with a look before every gradient and, if asked for, other numbers than it came to.</summary>
internal sealed class SpyEngine(FlowSpec spec, Action before) : IFlowEngine
{
    private readonly IFlowEngine _engine = FlowEngines.Create(spec);

    /// <summary>Sees the rows of a gradient that was computed, and may change it.</summary>
    internal delegate void Look(ReadOnlySpan<double> rows, Span<float> gradient);

    internal Look After { get; init; } = (_, _) => { };

    /// <summary>Looks before densities.</summary>
    internal Action BeforeScores { get; init; } = () => { };

    internal float? Poison { get; init; }

    internal float? Score { get; init; }

    public FlowSpec Spec => _engine.Spec;

    public Span<float> Parameters => _engine.Parameters;

    public double Gradient(ReadOnlySpan<double> rows, Span<float> gradient, TrainingDraw draw = default, ReadOnlySpan<float> weights = default)
    {
        before();
        var loss = _engine.Gradient(rows, gradient, draw, weights);
        if (Poison is { } poison) gradient.Fill(poison);
        After(rows, gradient);
        return loss;
    }

    public void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        BeforeScores();
        _engine.LogDensity(rows, logDensity, latent);
        if (Score is { } score) logDensity.Fill(score);
    }

    public void Draw(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent) => _engine.Draw(random, first, context, latent);

    public void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows) => _engine.Generate(latent, context, rows);

    public void Dispose() => _engine.Dispose();
}
