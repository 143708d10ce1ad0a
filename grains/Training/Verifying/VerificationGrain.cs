using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <inheritdoc cref="IVerificationGrain" />
internal sealed class VerificationGrain(IRunJournal journal, ModelStore models, RecordedData data, Beginnings beginnings, DeviceSlots slots, EngineFactory engines) : Grain, IVerificationGrain
{
    private readonly LatestProgress _reading = new();

    public async Task<VerificationReport> Verify(VerificationPlan plan, CancellationToken cancellation = default)
    {
        await RequireFinished(plan);
        var version = models.Resolve(plan.Model, plan.Version);
        var (flow, record) = models.Describe(plan.Model, version);
        var name = $"{plan.Model}@{version}";
        Require(name, flow, record);
        var beginning = await Task.Run(() => beginnings.WeightsOf(record, flow), cancellation);
        var (rows, use) = await data.Find(GrainFactory, name, record, cancellation);
        using var kept = use;
        await using var replay = await Replay.Begin(slots, engines, flow, beginning, record, rows);
        var verification = new Verification(name, models.PathOf(plan.Model, version), record, replay, _reading);
        var (finding, different) = await Task.Run(() => verification.Run(plan.Rounds, cancellation), cancellation); // the slots compute; this reads the record
        return new VerificationReport(plan.Model, version, replay.Round, record.Rounds!.Lines, finding is null, different, finding);
    }

    public Task<ReadingProgress?> Reading() => Task.FromResult(_reading.Value);

    /// <summary>Only of a run without any model; a model may be newer than its run, or outlive it.</summary>
    private async Task RequireFinished(VerificationPlan plan)
    {
        if (!RunName.IsAllowed(plan.Model) || !models.Versions(plan.Model).IsEmpty || await journal.Newest(plan.Model) is not { } run) return;
        throw new BadInputException(run.IsUnderWay
            ? $"Run '{plan.Model}' is training, so there is nothing to verify yet; wait for its end, with 'flowgrain runs wait {plan.Model}'."
            : run.ResultJson is null
            ? $"Run '{plan.Model}' has not finished, so there is nothing to verify yet; resume it first, with 'flowgrain runs resume {plan.Model}'."
            : $"The model of run '{plan.Model}' was deleted, and the record of the run with it; make it anew first, with 'flowgrain runs resume {plan.Model}'.");
    }

    private static void Require(string name, FlowSpec flow, RunRecord record)
    {
        if (record.Imported is not null) throw new BadInputException($"{name} was imported, so there are no rounds of it to replay; name a model that was trained here.");
        if (record.Rounds is null) throw new BadInputException(
            $"{name} has no record of its rounds, since an earlier version of the program made it; train it again to have one.");
        if (FlowEngines.DeviceClassOf(flow) is var here && here != record.Result.DeviceClass) throw new BadInputException(
            $"{name} was trained in the device class {record.Result.DeviceClass} and this machine computes in {here}, to other bits; verify it where it was trained.");
    }
}
