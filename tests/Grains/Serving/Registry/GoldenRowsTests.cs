using FlowGrain.Flows.Engines;
using FlowGrain.Tests.Flows;

namespace FlowGrain.Tests.Grains.Serving.Registry;

public sealed class GoldenRowsTests
{
    public static TheoryData<string> Kinds => [.. TestFlows.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public void The_same_flow_passes_and_one_with_another_weight_does_not(string kind)
    {
        var spec = TestFlows.Spec(kind, 3, 1);
        var weights = TestFlows.Weights(spec);
        var golden = StoredModels.Golden(spec, weights);
        using var engine = FlowEngines.Create(spec);
        weights.CopyTo(engine.Parameters);
        Assert.Null(golden.Fault(engine));
        foreach (ref var weight in engine.Parameters) weight += 0.01f;
        Assert.NotNull(golden.Fault(engine));
    }

    [Fact]
    public void Another_device_class_may_differ_by_what_float32_does_and_not_by_more()
    {
        var spec = TestFlows.Spec("nsf", 2, 0);
        var weights = TestFlows.Weights(spec);
        var golden = StoredModels.Golden(spec, weights) with { DeviceClass = "another" };
        using var engine = FlowEngines.Create(spec);
        weights.CopyTo(engine.Parameters);
        golden.LogDensity[3] += 0.005f;
        Assert.Null(golden.Fault(engine));
        golden.LogDensity[3] += 0.05f;
        Assert.StartsWith("golden row 3 has the log-density", golden.Fault(engine));
    }
}
