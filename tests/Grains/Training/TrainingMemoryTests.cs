using FlowGrain.Tests.Flows;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class TrainingMemoryTests
{
    [Fact]
    public void A_flow_that_does_not_fit_is_refused_before_anything_is_made()
    {
        var flow = TestFlows.Spec("nsf", 3, 0, ("hidden", 4096), ("transforms", 100), ("blocks", 20));
        var refused = Assert.Throws<BadInputException>(() => TrainingMemory.Require(flow, slots: 2, available: 24_000_000_000));
        Assert.Matches(@"^A flow of [\d,]+ parameters takes about [\d,]+ GB to train here, and 24 GB are there; make it smaller with --set hidden or --set transforms\.$", refused.Message);
    }

    [Fact]
    public void A_flow_that_fits_is_not() => TrainingMemory.Require(TestFlows.Spec("nsf", 3), slots: 2, available: 100_000_000);
}
