using System.Collections.Immutable;
using FlowGrain.Flows.Engines;
using FlowGrain.Training;

namespace FlowGrain.Cluster;

/// <inheritdoc cref="ISiloGrain" />
[OnNamedSilo]
internal sealed class SiloGrain(ILocalSiloDetails silo, DeviceSlots slots, LeavingSilos leaving, RecentSpans spans) : Grain, ISiloGrain
{
    public async Task<SiloDescription> Describe()
    {
        var classes = await slots.Reduction.Run(() => FlowEngines.DeviceClasses); // it may load torch first
        return new SiloDescription(silo.SiloAddress.ToParsableString(), Telemetry.Version, classes, slots.Count, slots.Busy);
    }

    public Task Leaves(string silo)
    {
        leaving.Add(silo);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<FinishedSpan>> Spans(string run) => Task.FromResult(spans.Of(run));
}
