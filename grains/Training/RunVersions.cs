using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>What is known of a version of a run that no loop here works on: from the journal, or from its model where the run was deleted.</summary>
internal sealed class RunVersions(RunServices services)
{
    /// <exception cref="NotFoundException">The run has no such version.</exception>
    internal async Task<RunStanding> Of(string run, int version)
    {
        if (await services.Journal.Version(run, version) is { } entry) return await Of(entry);
        return await Task.Run(() => Recorded(run, version)) ?? throw await NoSuch(run, version);
    }

    private async Task<RunStanding> Of(RunEntry entry) => new(
        RunProgresses.Of(entry, await services.NewestState(entry), services.Holds.IsAlive(entry.Run)), Json.Value<TrainingPlan>(entry.PlanJson),
        entry.ResultJson is { } json ? Json.Value<RunResult>(json) : null);

    private RunStanding? Recorded(string run, int version)
    {
        if (!services.Models.Versions(run).Contains(version)) return null;
        var (_, record) = services.Models.Describe(run, version);
        return record.Imported is null ? new(RunProgresses.Of(run, version, record), record.Plan, record.Result) : null;
    }

    private async Task<NotFoundException> NoSuch(string run, int version) => new(await services.Journal.Newest(run) is { } newest
        ? $"Run '{run}' has no version {version}; its newest is {newest.Version}."
        : $"There is no run '{run}'.");
}
