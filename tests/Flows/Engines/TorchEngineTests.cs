using FlowGrain.Flows.Engines;
using TorchSharp;

namespace FlowGrain.Tests.Flows.Engines;

public sealed class TorchEngineTests
{
    public static MatrixTheoryData<string, int, int> Shapes => new(TestFlows.Kinds, [1, 2, 5], [0, 2]);

    [Theory, MemberData(nameof(Shapes))]
    public void Gradients_and_scores_leave_no_tensor_behind(string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var rows = TestFlows.Rows(spec, 32);
        using var engine = new TorchEngine(spec);
        TestFlows.Weights(spec).CopyTo(engine.Parameters);
        var gradient = new float[engine.Parameters.Length];
        var (logDensity, latent, back) = (new float[32], new float[32 * dimension], new double[32 * dimension]);
        Work();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var step = 0; step < 5; step++) Work();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Work()
        {
            engine.Gradient(rows, gradient);
            engine.LogDensity(rows, logDensity, latent);
            engine.Generate(latent, RoundTrip.Context(rows, dimension, spec.Context.Length), back);
        }
    }
}
