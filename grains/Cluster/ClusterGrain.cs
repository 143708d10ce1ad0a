using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Presets;
using FlowGrain.Serving;
using FlowGrain.Storage;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Cluster;

/// <inheritdoc cref="IClusterGrain" />
internal sealed class ClusterGrain(IRunJournal journal, ModelStore models, FolderChecks checks, DatasetCatalog datasets, SnapshotStore snapshots, IRunHolds holds, IOptions<StorageOptions> storage) : Grain, IClusterGrain
{
    public async Task<ClusterOverview> Overview()
    {
        var known = await GrainFactory.GetGrain<ISlotsGrain>(0).Silos();
        var silos = await Task.WhenAll(known.Select(Now));
        var (runs, names) = (await Entries(), await Task.Run(models.Names));
        return new ClusterOverview([.. silos], runs.Length, names.Length);
    }

    public async Task<ImmutableArray<RunListing>> Runs()
    {
        var entries = await Entries();
        return await Task.Run(() => entries.Select(Listing).ToImmutableArray());
    }

    public Task<ImmutableArray<ModelDescription>> Models() =>
        Task.Run(() => models.Names().SelectMany(name => models.Listed(name).Select(version => ModelDescriptions.OfAny(models, name, version, checks))).ToImmutableArray());

    public Task<ImmutableArray<DatasetListing>> Datasets() => Task.Run(datasets.All);

    public Task<DatasetListing> Dataset(string id) => Task.Run(() => datasets.Of(id));

    public Task<TableRows> DatasetRows(string id, int rows, long seed) => Task.Run(() => datasets.Rows(id, rows, seed));

    public Task DeleteDataset(string id) => Task.Run(() => datasets.Delete(id));

    public Task<StorageUse> Storage() => Task.Run(() => new StorageUse(datasets.Bytes(), storage.Value.DataBytes, snapshots.Bytes(), storage.Value.CheckpointBytes));

    public async Task<TracedRound?> Round(string run)
    {
        var silos = await GrainFactory.GetGrain<ISlotsGrain>(0).Silos();
        var spans = await Task.WhenAll(silos.Select(silo => GrainFactory.GetGrain<ISiloGrain>($"silo/{silo.Address}").Spans(run)));
        return RoundAccount.Last([.. spans.SelectMany(of => of)]);
    }

    public Task<ImmutableArray<PresetDescription>> Presets() => Task.FromResult<ImmutableArray<PresetDescription>>([.. Preset.All.Select(Description)]);

    // Between two shards of a run its slot computes nothing; it is busy all the same.
    private async Task<SiloDescription> Now(SiloDescription known)
    {
        var now = await GrainFactory.GetGrain<ISiloGrain>($"silo/{known.Address}").Describe();
        return now with { BusySlots = Math.Max(now.BusySlots, known.BusySlots), Holders = known.Holders };
    }

    // A question must not make a home, nor the file of a journal in it.
    private async Task<ImmutableArray<RunEntry>> Entries() => journal is SqliteJournal && !File.Exists(storage.Value.Journal) ? [] : await journal.All();

    private RunListing Listing(RunEntry entry)
    {
        var phase = RunProgresses.PhaseOf(entry, holds.IsAlive(entry.Run));
        var (done, planned) = RunProgresses.StepsOf(entry);
        var result = entry.ResultJson is { } json ? Json.Value<RunResult>(json) : null;
        return new RunListing(
            entry.Run, entry.Version, phase, entry.Preset, done, planned, result?.ValidationNll ?? entry.Validation, entry.Started,
            entry.Failure, result, models.Versions(entry.Run).Contains(entry.Version)) { Objective = RunObjective.Of(entry) };
    }

    private static string Engine(Preset preset) => !KernelEngine.Runs(preset.Example()) ? "TorchSharp" : preset.TakesAngles ? "own kernels, with angles TorchSharp" : "own kernels";

    private static PresetDescription Description(Preset preset)
    {
        var settings = preset.Sizes.AddRange(RunSettings.OptimizerSettings);
        return new PresetDescription(
            preset.Name, preset.Sentence, preset.Paper, preset.Directions, Engine(preset),
            settings.ToImmutableSortedDictionary(setting => setting.Name, setting => double.IsNaN(setting.Default) ? "fitted to the data" : setting.Default.ToString("R", CultureInfo.InvariantCulture)),
            settings.ToImmutableSortedDictionary(setting => setting.Name, setting => SettingMeanings.Of(setting.Name)));
    }
}
