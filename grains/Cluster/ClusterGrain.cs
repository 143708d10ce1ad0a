using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Presets;
using FlowGrain.Serving;
using FlowGrain.Storage;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Cluster;

/// <inheritdoc cref="IClusterGrain" />
internal sealed class ClusterGrain(ILocalSiloDetails silo, DeviceSlots slots, IRunJournal journal, ModelStore models, IOptions<StorageOptions> storage) : Grain, IClusterGrain
{
    private static readonly string Version = typeof(ClusterGrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public async Task<ClusterOverview> Overview()
    {
        var device = await slots.Reduction.Run(() => string.Join(", ", FlowEngines.DeviceClasses)); // it may load torch first
        var self = new SiloDescription(silo.SiloAddress.ToParsableString(), Version, device, slots.Count, slots.Busy);
        return new ClusterOverview([self], (await Entries()).Length, models.Names().Length);
    }

    public async Task<ImmutableArray<RunListing>> Runs() => [.. (await Entries()).Select(Listing)];

    public Task<ImmutableArray<ModelDescription>> Models() =>
        Task.FromResult<ImmutableArray<ModelDescription>>([.. models.Names().Select(name => ModelDescriptions.OfAny(models, name, models.Resolve(name, null)))]);

    public Task<ImmutableArray<PresetDescription>> Presets() => Task.FromResult<ImmutableArray<PresetDescription>>([.. Preset.All.Select(Description)]);

    // A question must not make a home, nor the file of a journal in it.
    private async Task<ImmutableArray<RunEntry>> Entries() => journal is SqliteJournal && !File.Exists(storage.Value.Journal) ? [] : await journal.All();

    private RunListing Listing(RunEntry entry)
    {
        var phase = RunProgresses.PhaseOf(entry, RunLock.IsHeld(Path.Combine(storage.Value.Runs, entry.Run)));
        var result = entry.ResultJson is { } json ? Json.Value<RunResult>(json) : null;
        return new RunListing(
            entry.Run, entry.Version, phase, entry.Preset, entry.Step, entry.Steps ?? 0, result?.ValidationNll ?? entry.Validation, entry.Started,
            entry.Failure, result, models.Versions(entry.Run).Contains(entry.Version));
    }

    private static PresetDescription Description(Preset preset)
    {
        var settings = preset.Sizes.AddRange(RunSettings.OptimizerSettings);
        return new PresetDescription(
            preset.Name, preset.Sentence, preset.Paper, preset.Directions, KernelEngine.Runs(preset.Example()) ? "own kernels" : "TorchSharp",
            settings.ToImmutableSortedDictionary(setting => setting.Name, setting => double.IsNaN(setting.Default) ? "fitted to the data" : setting.Default.ToString("R", CultureInfo.InvariantCulture)),
            settings.ToImmutableSortedDictionary(setting => setting.Name, setting => SettingMeanings.Of(setting.Name)));
    }
}
