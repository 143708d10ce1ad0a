using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Optimization;

public sealed class AdamWTests
{
    private const int Length = 1003; // not a multiple of any vector
    private const int Steps = 5;
    private const float Rate = 1e-2f;
    private const float AverageDecay = 0.9f;
    private const float GradientScale = 0.25f;

    [Theory, InlineData(0.0), InlineData(0.1)]
    public void Steps_agree_with_the_formula_in_float64(double decay)
    {
        var options = new AdamWOptions { WeightDecay = decay };
        var state = new Buffers();
        var (p, m, v, a) = (Doubles(Weights()), new double[Length], new double[Length], Doubles(Weights()));
        for (var step = 1; step <= Steps; step++)
        {
            state.Step(new AdamW(options), step, 0, Length);
            for (var i = 0; i < Length; i++)
            {
                var g = Gradient(step)[i] * (double)GradientScale;
                m[i] = options.Beta1 * m[i] + (1 - options.Beta1) * g;
                v[i] = options.Beta2 * v[i] + (1 - options.Beta2) * g * g;
                var (mean, square) = (m[i] / (1 - Math.Pow(options.Beta1, step)), v[i] / (1 - Math.Pow(options.Beta2, step)));
                p[i] -= Rate * (mean / (Math.Sqrt(square) + options.Epsilon) + decay * p[i]);
                a[i] += (1 - AverageDecay) * (p[i] - a[i]);
            }
        }

        Near(p, state.Parameters);
        Near(a, state.Average);
    }

    [Theory, InlineData(0.0), InlineData(0.1)]
    public void Steps_agree_with_torch(double decay)
    {
        using var scope = NewDisposeScope();
        var weights = nn.Parameter(tensor(Weights()));
        using var optimizer = decay == 0 ? (torch.optim.Optimizer)optim.Adam([weights], Rate) : optim.AdamW([weights], Rate, weight_decay: decay);
        var state = new Buffers();
        for (var step = 1; step <= Steps; step++)
        {
            weights.grad = tensor(Gradient(step).Select(g => g * GradientScale).ToArray());
            optimizer.step();
            state.Step(new AdamW(new AdamWOptions { WeightDecay = decay }), step, 0, Length);
        }

        Near(Doubles(weights.detach().data<float>().ToArray()), state.Parameters);
    }

    [Theory, InlineData(1), InlineData(3), InlineData(8), InlineData(500)]
    public void Slices_step_to_the_same_bits_as_the_whole(int cut)
    {
        var (whole, parts) = (new Buffers(), new Buffers());
        var adam = new AdamW(new AdamWOptions { WeightDecay = 0.01 });
        for (var step = 1; step <= Steps; step++)
        {
            whole.Step(adam, step, 0, Length);
            parts.Step(adam, step, 0, cut);
            parts.Step(adam, step, cut, Length - cut);
        }

        Assert.Equal(whole.Parameters, parts.Parameters);
        Assert.Equal(whole.Average, parts.Average);
    }

    [Fact]
    public void Decay_shrinks_weights_that_have_no_gradient_and_adam_leaves_them()
    {
        float[] Stepped(double decay)
        {
            float[] weights = [1, -2, 3];
            new AdamW(new AdamWOptions { WeightDecay = decay }).Step(new OptimizerState<float>(weights, new float[3], new float[3], new float[3]), new float[3], 1, 0.1f, 0, 1);
            return weights;
        }

        Assert.Equal([1, -2, 3], Stepped(0));
        Assert.Equal([0.95f, -1.9f, 2.85f], Stepped(0.5));
    }

    private static void Near(double[] expected, float[] actual)
    {
        var worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst < 1e-6, $"off by {worst:g3}");
    }

    private static float[] Weights()
    {
        var random = new CounterRandom(1, "weights");
        return [.. Enumerable.Range(0, Length).Select(i => (float)random.Normal(i))];
    }

    private static float[] Gradient(int step)
    {
        var random = new CounterRandom(step, "gradient");
        return [.. Enumerable.Range(0, Length).Select(i => (float)(random.Normal(i) * Math.Pow(10, i % 5 - 3)))];
    }

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    private sealed class Buffers
    {
        private readonly float[] _first = new float[Length];
        private readonly float[] _second = new float[Length];

        internal float[] Parameters { get; } = Weights();

        internal float[] Average { get; } = Weights();

        internal void Step(AdamW adam, int step, int offset, int length)
        {
            var state = new OptimizerState<float>(Parameters.AsSpan(offset, length), _first.AsSpan(offset, length), _second.AsSpan(offset, length), Average.AsSpan(offset, length));
            adam.Step(state, Gradient(step).AsSpan(offset, length), GradientScale, Rate, AverageDecay, step);
        }
    }
}
