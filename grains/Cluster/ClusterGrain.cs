using System.Collections.Immutable;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Presets;
using FlowGrain.Serving;
using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Cluster;

/// <inheritdoc cref="IClusterGrain" />
internal sealed class ClusterGrain(IRunJournal journal, ModelStore models, IRunHolds holds) : Grain, IClusterGrain
{
    public async Task<ClusterOverview> Overview()
    {
        var known = await GrainFactory.GetGrain<ISlotsGrain>(0).Silos();
        var silos = await Task.WhenAll(known.Select(silo => GrainFactory.GetGrain<ISiloGrain>($"silo/{silo.Address}").Describe()));
        return new ClusterOverview([.. silos], (await journal.All()).Length, models.Names().Length);
    }

    public async Task<ImmutableArray<RunListing>> Runs() => [.. (await journal.All()).Select(Listing)];

    public Task<ImmutableArray<ModelDescription>> Models() =>
        Task.FromResult<ImmutableArray<ModelDescription>>([.. models.Names().Select(name => ModelDescriptions.OfAny(models, name, models.Resolve(name, null)))]);

    public Task<ImmutableArray<PresetDescription>> Presets() => Task.FromResult<ImmutableArray<PresetDescription>>([.. Preset.All.Select(Description)]);

    private RunListing Listing(RunEntry entry)
    {
        var phase = RunProgresses.PhaseOf(entry, holds.IsAlive(entry.Run));
        var nll = entry.ResultJson is { } json ? Json.Value<RunResult>(json).ValidationNll : entry.Validation;
        return new RunListing(entry.Run, entry.Version, phase, entry.Preset, entry.Step, entry.Steps ?? 0, nll, entry.Started);
    }

    private static PresetDescription Description(Preset preset) => new(
        preset.Name, preset.Sentence, preset.Paper, preset.Directions, KernelEngine.Runs(preset.Example()) ? "own kernels" : "TorchSharp",
        preset.Sizes.AddRange(RunSettings.OptimizerSettings).ToImmutableSortedDictionary(
            size => size.Name, size => double.IsNaN(size.Default) ? "fitted to the data" : size.Default.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
}
