using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>What a run trains on, and which version that makes it.</summary>
internal sealed class RunOrigin(IGrainFactory grains, RunServices services)
{
    /// <summary>
    /// The run's data set, kept from giving way to others until it is disposed. A version that goes on takes the one that it was
    /// begun with, if that is still there: its source may have changed since.
    /// </summary>
    internal async Task<DatasetUse> Data(RunRequest asked, CancellationToken cancellation) =>
        (asked.Known is { } known ? await DedicatedThread.Once("flowgrain-reopen", () => Kept(known)) : null) ?? await Import(asked.Plan.Data, cancellation);

    /// <summary>The request with its plan completed from the model that it begins with; one that goes on is complete.</summary>
    /// <exception cref="BadInputException">There is no such model, or the plan asks for another flow than it is.</exception>
    internal async Task<RunRequest> Completed(RunRequest asked) => asked is { Known: null, Plan.From: not null }
        ? asked with { Plan = await Task.Run(() => services.Beginnings.Completed(asked.Plan)) }
        : asked;

    /// <summary>What the run begins with; null for fresh weights.</summary>
    /// <exception cref="BadInputException">It is not there any more.</exception>
    internal Task<Beginning?> Beginning(RunRequest asked) => asked.Plan.From is null
        ? Task.FromResult<Beginning?>(null)
        : DedicatedThread.Once("flowgrain-beginning", () => services.Beginnings.Of(asked.Plan, asked.Known));

    /// <summary>The version of what was prepared: the one that goes on, or the one with this plan, which may be new.</summary>
    /// <exception cref="BadInputException">It would be another one than the version that is to go on.</exception>
    internal async Task<RunEntry> Version(string run, RunRequest asked, PreparedRun prepared, string dataset)
    {
        var (plan, hash) = (asked.Plan, PlanHash.Of(asked.Plan, prepared));
        if (asked.Known is not { } known)
        {
            var steps = RunSchedule.Of(plan, prepared.Data.Split.TrainRows).Steps(plan);
            return await services.Models.Number(run, highest => services.Journal.FindOrAdd(run, new NewRun(hash, Json.Text(plan), prepared.Flow.Preset, steps, highest)));
        }

        if (hash != known.PlanHash) throw Another(known, plan, dataset);
        return await services.Journal.Newest(run) is { } newest && newest.Version == known.Version
            ? newest
            : throw new RunConflictException($"Run '{run}' was deleted or got another version while version {known.Version} was read to go on; 'flowgrain runs show {run}' says which it has.");
    }

    /// <summary>Keeps what a version needs to go on, whatever becomes of the model that it begins with or of other data sets.</summary>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal Task Keep(string run, int version, string dataset, Beginning? beginning, CancellationToken cancellation) => Task.Run(
        () =>
        {
            if (beginning is not null) services.Beginnings.Keep(run, version, beginning);
            services.Needed.Need(run, version, dataset);
        },
        cancellation);

    private async Task<DatasetUse> Import(DataSelection data, CancellationToken cancellation)
    {
        var (grain, store) = (grains.GetGrain<IDatasetGrain>(Path.GetFullPath(data.Path)), services.Data.Store);
        return store.TryUse((await grain.Import(data, cancellation)).Id)
            ?? store.Use((await grain.Import(data, cancellation)).Id); // it gave way between the two
    }

    private DatasetUse? Kept(RunEntry known) => services.Needed.Of(known.Run, known.Version) is { } dataset ? services.Data.Store.TryUseIntact(dataset) : null;

    private BadInputException Another(RunEntry known, TrainingPlan plan, string dataset)
    {
        var file = Path.GetFileName(plan.Data.Path);
        return new(services.Needed.Of(known.Run, known.Version) == dataset
            ? $"This version of FlowGrain prepares another flow from '{file}' than the one that began run '{known.Run}' version {known.Version}, which stays as it is; go on with the version of FlowGrain that began it, or train under another --name."
            : $"'{file}' is not what run '{known.Run}' version {known.Version} was begun with, which stays as it is; put the file back as it was, or train what it is now as the next version with 'flowgrain train', or under another --name.");
    }
}
