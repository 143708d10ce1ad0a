using FlowGrain.Cluster;
using FlowGrain.Serving;
using FlowGrain.Silo.Inference;
using FlowGrain.Tests.Grains.Serving;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Silo.Inference;

public sealed class FunctionStatisticsTests : IDisposable
{
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly ModelStatistics _statistics = new();

    public void Dispose() => _slots.Dispose();

    [Fact]
    public async Task Draws_are_counted_under_the_name_that_they_were_asked_by_each_once_and_under_no_other()
    {
        var engine = new ModelEngine(StoredModels.Some("m"), _slots, new ServingOptions(), TimeProvider.System, _statistics);
        var draw = new InferenceRequest { Inputs = [new Tensor("num_samples", Datatype.Int64, [1], [3], [3])] };
        await new SampleFunction(engine).Infer(draw, TestContext.Current.CancellationToken);
        await engine.Warm(); // behind the batch, which is counted when its answers are on their way
        Assert.Equal((3, 1), Counts("m.sample"));
        await new SampleFunction(engine).Infer(draw with { Outputs = [new RequestedOutput("samples", Binary: null)] }, TestContext.Current.CancellationToken);
        Assert.Equal((6, 2), Counts("m.sample"));
        Assert.Equal((0, 0), Counts("m"));
        await engine.Retire();
    }

    private (long Rows, long Batches) Counts(string name) => (_statistics.Of(name, 1).Rows, _statistics.Of(name, 1).Batches);
}
