using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;
using FlowGrain.Flows.Presets;

namespace FlowGrain.Tests.Flows.Presets;

/// <summary>What must hold of every preset once it has learned something.</summary>
public sealed class TrainedFlowLaws
{
    private const int Steps = 200;
    private const int Batch = 128;

    public static MatrixTheoryData<string, int> Cases => new(Preset.All.Select(preset => preset.Name), [1, 2]);

    [Theory, MemberData(nameof(Cases))]
    public void After_two_hundred_steps_the_density_integrates_to_one(string preset, int dimension)
    {
        var spec = TestFlows.Spec(preset, dimension);
        using var engine = FlowEngines.Create(spec);
        Train(engine, Preset.Named(preset).LearningRate);
        using var flow = TestFlows.Exact(spec, engine.Parameters);
        Assert.Equal(1, Quadrature.Integral(flow, []), 1e-3);
    }

    private static void Train(IFlowEngine engine, double rate)
    {
        engine.Spec.Layout().Initialize(engine.Spec.Seed).Select(value => (float)value).ToArray().CopyTo(engine.Parameters);
        var count = engine.Parameters.Length;
        var (gradient, first, second, average, adam) = (new float[count], new float[count], new float[count], new float[count], new AdamW(new AdamWOptions()));
        for (var step = 1; step <= Steps; step++)
        {
            engine.Gradient(Rows(engine.Spec, step), gradient, new TrainingDraw(new CounterRandom(3, "pass"), (long)step * Batch));
            var norm = Math.Sqrt(Gradients.SumOfSquares(gradient)) / Batch;
            adam.Step(new OptimizerState<float>(engine.Parameters, first, second, average), gradient, (float)(Gradients.ClipFactor(norm, 5) / Batch), (float)rate, averageDecay: 0, step);
        }
    }

    /// <summary>Two modes in the first column, and the second bent by it, in the units of the spec's standardisation.</summary>
    private static double[] Rows(FlowSpec spec, int step)
    {
        var (random, scaling, dimension) = (new CounterRandom(8, "rows").At(step), spec.Standardize(), spec.Columns.Length);
        var rows = new double[Batch * dimension];
        for (var row = 0; row < Batch; row++)
        {
            var x = (random.Uniform(4 * row) < 0.5 ? -1 : 1) + 0.4 * random.Normal(4 * row + 2);
            ReadOnlySpan<double> values = [x, 0.8 * x * x - 1 + 0.3 * random.Normal(4 * row + 3)];
            for (var column = 0; column < dimension; column++) rows[row * dimension + column] = scaling.Shift[column] + scaling.Scale[column] * values[column];
        }

        return rows;
    }
}
