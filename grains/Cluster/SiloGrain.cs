using System.Reflection;
using FlowGrain.Flows.Engines;

namespace FlowGrain.Cluster;

/// <inheritdoc cref="ISiloGrain" />
[OnNamedSilo]
internal sealed class SiloGrain(ILocalSiloDetails silo, DeviceSlots slots, LeavingSilos leaving) : Grain, ISiloGrain
{
    private static readonly string Version = typeof(SiloGrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public async Task<SiloDescription> Describe()
    {
        var classes = await slots.Reduction.Run(() => FlowEngines.DeviceClasses); // it may load torch first
        return new SiloDescription(silo.SiloAddress.ToParsableString(), Version, classes, slots.Count, slots.Busy);
    }

    public Task Leaves(string silo)
    {
        leaving.Add(silo);
        return Task.CompletedTask;
    }
}
