using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;
using FlowGrain.Flows.Presets;

namespace FlowGrain.Tests.Flows.Engines;

/// <summary>Our kernels and torch, trained side by side on the same rows.</summary>
public sealed class LearningCurves
{
    private const int Steps = 500;
    private const int Rows = 256;

    public static TheoryData<string> Presets => [.. Preset.All.Where(preset => KernelEngine.Runs(TestFlows.Spec(preset.Name, 3))).Select(preset => preset.Name)];

    [Theory, MemberData(nameof(Presets))]
    public void Five_hundred_steps_go_the_same_way_on_both_engines(string preset)
    {
        var spec = TestFlows.Spec(preset, 3);
        var (kernels, torch) = (Curve(KernelEngine.Create(spec)), Curve(new TorchEngine(spec)));
        for (var first = 0; first < Steps; first += 100)
        {
            var (ours, theirs) = (kernels[first..(first + 100)].Average(), torch[first..(first + 100)].Average());
            Assert.True(Math.Abs(ours - theirs) < 0.01, $"steps {first} to {first + 100}: {ours:F4} nats per row, torch {theirs:F4}");
        }

        Assert.True(kernels[^100..].Average() < kernels[..20].Average() - 0.1, "nothing was learned");
    }

    [Theory, MemberData(nameof(Presets))]
    public void Trained_weights_keep_log_densities_near_float64_and_rows_where_they_were(string preset)
    {
        using var engine = KernelEngine.Create(TestFlows.Spec(preset, 3));
        Train(engine);
        double[] rows = [.. Enumerable.Range(Steps, 8).SelectMany(step => Banana(engine.Spec, step))];
        var error = LogDensityError.Of(engine, rows);
        Assert.NotNull(error);
        Assert.True(error.Median <= 1e-4 && error.High <= 2e-3, $"median {error.Median:g2} nats, 99.9% within {error.High:g2}");

        var latent = new float[rows.Length];
        engine.LogDensity(rows, new float[rows.Length / 3], latent);
        var moved = RoundTrip.WorstError(engine, rows, latent);
        Assert.True(moved < 1e-3, $"a row came back {moved:g2} deviations away");
    }

    /// <summary>Losses of the steps, nats per row.</summary>
    private static double[] Curve(IFlowEngine engine)
    {
        using var owned = engine;
        return Train(engine);
    }

    private static double[] Train(IFlowEngine engine)
    {
        var count = engine.Parameters.Length;
        var (gradient, losses, optimizer) = (new float[count], new double[Steps], new AdamW(new AdamWOptions()));
        float[][] state = [new float[count], new float[count], new float[count]];
        for (var step = 0; step < Steps; step++)
        {
            losses[step] = engine.Gradient(Banana(engine.Spec, step), gradient) / Rows;
            optimizer.Step(new OptimizerState<float>(engine.Parameters, state[0], state[1], state[2]), gradient, 1f / Rows, learningRate: 1e-3f, averageDecay: 0.99f, step + 1);
        }

        return losses;
    }

    /// <summary>Rows whose columns bend each other.</summary>
    private static double[] Banana(FlowSpec spec, int step)
    {
        var random = new CounterRandom(11, "banana").At(step);
        var scaling = spec.Standardize();
        var rows = new double[Rows * 3];
        for (var row = 0; row < Rows; row++)
        {
            var (a, b, c) = (random.Normal(3 * row), random.Normal(3 * row + 1), random.Normal(3 * row + 2));
            ReadOnlySpan<double> values = [a, 0.7 * a * a - 0.7 + 0.3 * b, Math.Sin(2 * a) + 0.2 * c];
            for (var column = 0; column < 3; column++) rows[3 * row + column] = scaling.Shift[column] + scaling.Scale[column] * values[column];
        }

        return rows;
    }
}
