using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Tests.Flows.Presets;

/// <summary>Fits a banana, <c>x₁ ~ N(0, 1)</c> and <c>x₂ ~ N(x₁², ¼)</c>, whose entropy and moments are known.</summary>
public sealed class FittedAutoregressiveFlows
{
    private const int Batch = 256;
    private const int Steps = 400;
    private static readonly double Entropy = Math.Log(2 * Math.PI * Math.E) + Math.Log(0.5);

    [Theory, InlineData("maf"), InlineData("iaf"), InlineData("nsf-ar")]
    public void A_fit_nears_the_entropy_and_its_draws_have_the_moments_of_the_data(string preset)
    {
        var spec = TestFlows.Spec(preset, 2, 0, ("hidden", 32));
        spec = spec with { Transforms = spec.Transforms.SetItem(0, new StandardizeSpec([0, 1], [1, 1.5])) };
        using var engine = new TorchEngine(spec);
        Fit(engine);

        var logDensity = new float[4000];
        engine.LogDensity(Banana(4000, first: 1_000_000), logDensity, []);
        Assert.InRange(-logDensity.Average(), Entropy - 0.06, Entropy + 0.12);

        var draws = Draws(engine, 20_000);
        double Mean(Func<double, double, double> of) => Enumerable.Range(0, 20_000).Average(i => of(draws[2 * i], draws[2 * i + 1]));
        Assert.Equal(0, Mean((x, y) => x), 0.15);
        Assert.Equal(1, Mean((x, y) => x * x), 0.2);
        Assert.Equal(1, Mean((x, y) => y), 0.2);
        Assert.Equal(0.25, Mean((x, y) => Math.Min((y - x * x) * (y - x * x), 4)), 0.15);
    }

    private static void Fit(TorchEngine engine)
    {
        var count = engine.Parameters.Length;
        engine.Spec.Layout().Initialize(engine.Spec.Seed).Select(value => (float)value).ToArray().CopyTo(engine.Parameters);
        var (gradient, first, second, average) = (new float[count], new float[count], new float[count], engine.Parameters.ToArray());
        var schedule = new Schedule(0.01, WarmupSteps: 20, Steps);
        var adam = new AdamW(new AdamWOptions());
        for (var step = 1; step <= Steps; step++)
        {
            engine.Gradient(Banana(Batch, (long)step * Batch), gradient);
            var norm = Math.Sqrt(Gradients.SumOfSquares(gradient)) / Batch;
            adam.Step(new OptimizerState<float>(engine.Parameters, first, second, average), gradient, (float)(Gradients.ClipFactor(norm, 5) / Batch), (float)schedule.At(step), (float)WeightAverage.DecayAt(step, 0.9), step);
        }

        average.CopyTo(engine.Parameters);
    }

    private static double[] Banana(int rows, long first)
    {
        var random = new CounterRandom(6, "banana");
        var values = new double[2 * rows];
        for (var row = 0; row < rows; row++)
        {
            var x = random.Normal(2 * (first + row));
            (values[2 * row], values[2 * row + 1]) = (x, x * x + 0.5 * random.Normal(2 * (first + row) + 1));
        }

        return values;
    }

    private static double[] Draws(TorchEngine engine, int rows)
    {
        var random = new CounterRandom(7, "latent");
        var draws = new double[2 * rows];
        engine.Generate([.. Enumerable.Range(0, draws.Length).Select(i => (float)random.Normal(i))], [], draws);
        return draws;
    }
}
