using System.Runtime.Intrinsics.X86;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using static FlowGrain.Tests.Flows.Engines.TestEngines;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Engines;

/// <summary>What must hold for every engine and every preset. A new engine is in here by being in <see cref="TestEngines"/>; <see cref="EngineInputLaws"/> are of what is no ordinary row.</summary>
public sealed class EngineLaws
{
    private static readonly int[] Batches = [.. Enumerable.Range(1, 70), 127, 129, 1000, 1025];
    private static readonly int[] Buckets = [1, 63, 64, 65, 129, 1000, 1025]; // of torch, which pads to powers of two: both sides of the first, and larger ones

    private static readonly (string Preset, int Dimension, int Hidden)[] NetSizes =
    [
        ("nice", 2, 32), ("realnvp", 5, 128), ("nsf", 2, 128), ("nsf", 5, 8), ("nsf", 1, 8), ("nsf octaves=4", 3, 32), ("maf", 5, 32), ("iaf", 5, 8), ("nsf-ar", 2, 128),
        ("glow", 5, 8), ("planar", 5, 8), ("radial", 5, 8), ("householder", 5, 8), ("sylvester", 5, 8), ("gaussianization", 5, 8), ("naf", 2, 64), ("naf", 5, 8),
        ("residual", 2, 32), ("residual", 5, 64), ("cnf", 2, 128), ("cnf", 5, 8),
    ];

    // Sizes that registers and tiles do not divide, many columns, many bins, and the quickstart's flow.
    private static readonly (string Kind, int Dimension)[] OddSizes =
    [
        ("nice hidden=33", 7), ("realnvp hidden=7", 43), ("nsf hidden=1 bins=5", 3), ("nsf hidden=33", 43), ("nsf hidden=31 bins=128", 2),
        ("nsf octaves=8 hidden=64 blocks=2 bins=64 transforms=6", 2), ("maf hidden=45", 43), ("iaf hidden=9", 7), ("nsf-ar hidden=50", 43),
    ];

    public static TheoryData<string, string, int> Odd =>
    [
        .. from engine in All where engine.Key != "torch" from odd in OddSizes
           where engine.Value.Runs(TestFlows.Spec(odd.Kind, odd.Dimension)) select new TheoryDataRow<string, string, int>(engine.Key, odd.Kind, odd.Dimension),
    ];

    public static TheoryData<string, string, int, int> Nets =>
    [
        .. from engine in All from net in NetSizes
           where engine.Value.Runs(TestFlows.Spec(net.Preset, net.Dimension)) select new TheoryDataRow<string, string, int, int>(engine.Key, net.Preset, net.Dimension, net.Hidden),
    ];

    public static TheoryData<string, int, int> KernelShapes =>
    [
        .. from kind in TestFlows.Kinds from d in new[] { 1, 2, 5 } from c in new[] { 0, 2 }
           where KernelEngine.Runs(TestFlows.Spec(kind, d, c)) select new TheoryDataRow<string, int, int>(kind, d, c),
    ];

    public static TheoryData<string, string, int, int> KernelNets =>
    [
        .. from engine in All where engine.Key != "torch" from net in NetSizes
           where engine.Value.Runs(TestFlows.Spec(net.Preset, net.Dimension)) select new TheoryDataRow<string, string, int, int>(engine.Key, net.Preset, net.Dimension, net.Hidden),
    ];

    [Theory, MemberData(nameof(TestEngines.Shapes), MemberType = typeof(TestEngines))]
    public void Log_densities_agree_with_float64(string engineName, string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var rows = TestFlows.Rows(spec, 300);
        using var engine = Engine(engineName, spec);
        var scores = new float[300];
        engine.LogDensity(rows, scores, []);
        var exact = TestFlows.ExactLogDensities(spec, TestFlows.Weights(spec), rows);
        for (var i = 0; i < 300; i++)
        {
            Assert.True(Math.Abs(scores[i] - exact[i]) <= 5e-5 * Math.Max(1, Math.Abs(exact[i])), $"row {i}: {scores[i]:R}, exactly {exact[i]:R}");
        }
    }

    [Theory, MemberData(nameof(TestEngines.Shapes), MemberType = typeof(TestEngines))]
    public void The_gradient_and_the_loss_agree_with_float64(string engineName, string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var rows = TestFlows.Rows(spec, 300);
        using var engine = Engine(engineName, spec);
        var gradient = new float[engine.Parameters.Length];
        var loss = engine.Gradient(rows, gradient);

        using var scope = NewDisposeScope();
        using var flow = TestFlows.Exact(spec, TestFlows.Weights(spec));
        var (x, c) = TestFlows.Split(spec, rows);
        var exactLoss = flow.Loss(x, c, default);
        exactLoss.backward();
        var exact = flow.Parameters.Gradient.data<double>().ToArray();
        var error = Math.Sqrt(gradient.Zip(exact, (a, b) => (a - b) * (a - b)).Sum() / exact.Sum(g => g * g));
        var allowed = spec is { Objective: null } && spec.Can().HasFlag(Capability.Numerical) ? 2e-4 : spec.Shape().Circles is null ? 2e-5 : 5e-5; // in float32 a solver is not more exact, nor where a turned angle lies in its bin
        Assert.True(error <= allowed, $"gradient off by {error:g3} of its norm");
        Assert.Equal(exactLoss.Item<double>(), loss, 5e-5 * Math.Abs(exactLoss.Item<double>()));
    }

    /// <summary>Where float32 itself loses more than 2e-5, as in a hundred bins, no more than libtorch loses in it.</summary>
    [Theory, MemberData(nameof(Odd))]
    public void Gradients_of_odd_sizes_agree_with_float64(string engineName, string kind, int dimension)
    {
        var spec = TestFlows.Spec(kind, dimension);
        var weights = TestFlows.Weights(spec, spread: 0.03);
        var rows = TestFlows.Rows(spec, 300);
        using var scope = NewDisposeScope();
        using var flow = TestFlows.Exact(spec, weights);
        (-flow.LogProb(TestFlows.Split(spec, rows).X).sum()).backward();
        var exact = flow.Parameters.Gradient.data<double>().ToArray();
        var (own, torch) = (GradientError(engineName, spec, weights, rows, exact), GradientError("torch", spec, weights, rows, exact));
        Assert.True(own <= Math.Max(2e-5, torch), $"gradient off by {own:g3} of its norm, libtorch's by {torch:g3}");
    }

    [Theory, MemberData(nameof(Odd))]
    public void At_its_first_weights_a_flow_of_any_size_agrees_with_float64(string engineName, string kind, int dimension)
    {
        var spec = TestFlows.Spec(kind, dimension);
        var (weights, rows) = (TestFlows.Weights(spec, spread: 0), TestFlows.Rows(spec, 300));
        using var scope = NewDisposeScope();
        using var flow = TestFlows.Exact(spec, weights);
        var density = flow.LogProb(TestFlows.Split(spec, rows).X);
        (-density.sum()).backward();
        var error = GradientError(engineName, spec, weights, rows, flow.Parameters.Gradient.data<double>().ToArray());
        Assert.True(error <= 2e-5, $"gradient off by {error:g3} of its norm");

        using var engine = All[engineName].Create(spec);
        var scores = new float[300];
        engine.LogDensity(rows, scores, []);
        foreach (var (score, exact) in scores.Zip(density.data<double>().ToArray())) Assert.True(Math.Abs(score - exact) <= 5e-5 * Math.Max(1, Math.Abs(exact)), $"{score:R}, exactly {exact:R}");
    }

    [Theory, MemberData(nameof(KernelNets))]
    public void Gradients_of_every_batch_agree_with_float64(string engineName, string preset, int dimension, int hidden)
    {
        var spec = TestFlows.Spec(preset, dimension, 0, ("hidden", hidden));
        var (weights, rows) = (TestFlows.Weights(spec), TestFlows.Rows(spec, 161));
        using var flow = TestFlows.Exact(spec, weights);
        foreach (var batch in new[] { 1, 2, 31, 33, 97, 127, 129, 161 })
        {
            using var scope = NewDisposeScope();
            var some = rows[..(batch * dimension)];
            flow.Parameters.Gradient.zero_();
            (-flow.LogProb(TestFlows.Split(spec, some).X).sum()).backward();
            var error = GradientError(engineName, spec, weights, some, flow.Parameters.Gradient.data<double>().ToArray());
            Assert.True(error <= 2e-5, $"gradient of {batch} rows off by {error:g3} of its norm");
        }
    }

    [Theory, MemberData(nameof(TestEngines.Shapes), MemberType = typeof(TestEngines))]
    public void Generate_undoes_the_latent_of_the_log_density(string engineName, string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var rows = TestFlows.Rows(spec, 200);
        using var engine = Engine(engineName, spec);
        var latent = new float[200 * dimension];
        engine.LogDensity(rows, new float[200], latent);
        var worst = RoundTrip.WorstError(engine, rows, latent);
        Assert.True(worst < 1e-3, $"off by {worst:g3} deviations");
    }

    [Theory, MemberData(nameof(Nets))]
    public void A_rows_log_density_and_latent_have_the_same_bits_in_every_batch(string engineName, string preset, int dimension, int hidden)
    {
        var spec = TestFlows.Spec(preset, dimension, 0, ("hidden", hidden));
        var rows = TestFlows.Rows(spec, Batches.Max());
        using var engine = Engine(engineName, spec);
        var (scores, latents) = Scores(engine, rows);
        foreach (var batch in BatchesOf(engineName))
        {
            var first = (Batches.Max() - batch) / 2; // other neighbours too
            var (some, z) = Scores(engine, rows.AsSpan(first * dimension, batch * dimension));
            for (var i = 0; i < batch; i++) Assert.True(Same(scores[first + i], some[i]), $"batch of {batch}, row {i}: {some[i]:R}, else {scores[first + i]:R}");
            Assert.True(z.AsSpan().SequenceEqual(latents.AsSpan(first * dimension, batch * dimension)), $"latents differ in a batch of {batch}");
        }
    }

    [Theory, MemberData(nameof(Nets))]
    public void A_draw_has_the_same_bits_in_every_batch(string engineName, string preset, int dimension, int hidden)
    {
        var spec = TestFlows.Spec(preset, dimension, 0, ("hidden", hidden));
        using var engine = Engine(engineName, spec);
        var random = new CounterRandom(4, "latent");
        float[] latent = [.. Enumerable.Range(0, Batches.Max() * dimension).Select(i => (float)random.Normal(i))];
        var all = Draws(engine, latent);
        foreach (var batch in BatchesOf(engineName))
        {
            var first = (Batches.Max() - batch) / 2;
            var some = Draws(engine, latent.AsSpan(first * dimension, batch * dimension));
            Assert.True(some.AsSpan().SequenceEqual(all.AsSpan(first * dimension, some.Length)), $"draws differ in a batch of {batch}");
        }
    }

    [Theory, MemberData(nameof(TestEngines.Names), MemberType = typeof(TestEngines))]
    public void Gradients_replace_what_the_buffer_held(string engineName)
    {
        var spec = TestFlows.Spec("realnvp", 3);
        using var engine = Engine(engineName, spec);
        var (first, second) = (new float[engine.Parameters.Length], new float[engine.Parameters.Length]);
        engine.Gradient(TestFlows.Rows(spec, 64), first);
        engine.Gradient(TestFlows.Rows(spec, 64), second);
        Assert.Equal(first, second);
    }

    [Theory, MemberData(nameof(KernelShapes))]
    public void Both_vector_widths_give_the_same_bits(string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var rows = TestFlows.Rows(spec, 300);
        if (!Avx512F.IsSupported) Assert.Skip("This processor has no AVX-512.");
        using var wide = Engine("kernels, 16 lanes", spec);
        using var narrow = Engine("kernels, 8 lanes", spec);
        var (gradients, scores, latents, draws) = (Pair(wide.Parameters.Length), Pair(300), Pair(300 * dimension), (new double[300 * dimension], new double[300 * dimension]));
        Assert.Equal(wide.Gradient(rows, gradients.Wide), narrow.Gradient(rows, gradients.Narrow));
        wide.LogDensity(rows, scores.Wide, latents.Wide);
        narrow.LogDensity(rows, scores.Narrow, latents.Narrow);
        wide.Generate(latents.Wide, RoundTrip.Context(rows, dimension, spec.Context.Length), draws.Item1);
        narrow.Generate(latents.Wide, RoundTrip.Context(rows, dimension, spec.Context.Length), draws.Item2);
        Assert.Equal(gradients.Wide, gradients.Narrow);
        Assert.Equal(scores.Wide, scores.Narrow);
        Assert.Equal(latents.Wide, latents.Narrow);
        Assert.Equal(draws.Item1, draws.Item2);

        static (float[] Wide, float[] Narrow) Pair(int length) => (new float[length], new float[length]);
    }

    [Theory, MemberData(nameof(KernelNets))]
    public void Our_kernels_allocate_nothing_once_they_are_warm(string engineName, string preset, int dimension, int hidden)
    {
        var spec = TestFlows.Spec(preset, dimension, 0, ("hidden", hidden));
        var rows = TestFlows.Rows(spec, 300);
        using var engine = Engine(engineName, spec);
        var (scores, latent, back, gradient) = (new float[300], new float[rows.Length], new double[rows.Length], new float[engine.Parameters.Length]);
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Step())); // the runtime itself allocates while it compiles

        long Step()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            engine.Gradient(rows, gradient);
            engine.LogDensity(rows, scores, latent);
            engine.Generate(latent, [], back);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static int[] BatchesOf(string engineName) => engineName == "torch" ? Buckets : Batches;

    private static double GradientError(string engineName, FlowSpec spec, float[] weights, double[] rows, double[] exact)
    {
        using var engine = All[engineName].Create(spec);
        weights.CopyTo(engine.Parameters);
        var gradient = new float[weights.Length];
        engine.Gradient(rows, gradient);
        return Math.Sqrt(gradient.Zip(exact, (a, b) => (a - b) * (a - b)).Sum() / exact.Sum(g => g * g));
    }

    private static (float[] Scores, float[] Latent) Scores(IFlowEngine engine, ReadOnlySpan<double> rows)
    {
        var scores = new float[rows.Length / engine.Spec.Columns.Length];
        var latent = new float[rows.Length];
        engine.LogDensity(rows, scores, latent);
        return (scores, latent);
    }

    private static double[] Draws(IFlowEngine engine, ReadOnlySpan<float> latent)
    {
        var rows = new double[latent.Length];
        engine.Generate(latent, [], rows);
        return rows;
    }
}
