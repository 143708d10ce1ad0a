using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <summary>Finds the weights that runs begin with: in the registry at first, and then in the copy that a run keeps, since the model may be deleted.</summary>
internal sealed class Beginnings(ModelStore models, SnapshotStore snapshots)
{
    /// <summary>The plan with the version that it begins with by its number, and with what it leaves open as the model has it; one that begins with fresh weights as it is.</summary>
    /// <exception cref="NotFoundException">There is no such model or version.</exception>
    /// <exception cref="BadInputException">The plan asks for another flow than the model's.</exception>
    internal TrainingPlan Completed(TrainingPlan plan)
    {
        if (plan.From is not { } from) return plan;
        var (name, which) = from.IndexOf('@') is >= 0 and var at ? (from[..at], from[(at + 1)..]) : (from, null);
        var version = models.Resolve(name, which);
        var (flow, record) = models.Describe(name, version);
        return new InheritedPlan(plan, $"{name}@{version}", flow, record).Completed();
    }

    /// <summary>What a completed plan begins with; null for fresh weights.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="known">The version that goes on, which has a copy; null for one that begins.</param>
    /// <exception cref="BadInputException">The model is not there any more, and neither is the copy.</exception>
    internal Beginning? Of(TrainingPlan plan, RunEntry? known)
    {
        if (plan.From is not { } from) return null;
        if (known is not null && BeginningFile.Read(snapshots.FolderOf(known.Run, known.Version)) is { } kept) return kept;
        var (name, version) = ModelKey.Parse(from);
        try
        {
            var model = models.Load(name, version);
            return new Beginning(new ModelOrigin(name, version, ModelStore.Sha256(model.Weights)), model.Flow, model.Weights);
        }
        catch (BadInputException gone) when (known is not null)
        {
            throw new BadInputException($"Run '{known.Run}' version {known.Version} began with the weights of {from}, of which '{snapshots.FolderOf(known.Run, known.Version)}' has no undamaged copy. {gone.Message}");
        }
    }

    /// <summary>Keeps what a version begins with beside its snapshots; what is kept already stays.</summary>
    /// <exception cref="DiskFullException">There is no room for it; nothing was left behind.</exception>
    internal void Keep(string run, int version, Beginning beginning)
    {
        var folder = snapshots.FolderOf(run, version);
        if (BeginningFile.Read(folder)?.Origin != beginning.Origin) BeginningFile.Write(folder, beginning);
    }

    /// <summary>The file that the ranges of a version read their first weights from; none for fresh ones.</summary>
    internal IEnumerable<string> FilesOf(string run, int version, ModelOrigin? from) => from is null ? [] : [BeginningFile.WeightsIn(snapshots.FolderOf(run, version))];

    /// <summary>The first weights of the run that a record is of: fresh ones, or those of a model.</summary>
    /// <exception cref="BadInputException">The model is not there any more, and neither is the run's copy.</exception>
    internal float[] WeightsOf(RunRecord record, Flows.FlowSpec flow)
    {
        if (record.From is not { } from) return RangeState.InitialWeights(flow);
        if (models.Versions(from.Model).Contains(from.Version) && models.Load(from.Model, from.Version).Weights is var weights && ModelStore.Sha256(weights) == from.WeightsSha256) return weights;
        if (BeginningFile.Read(snapshots.FolderOf(record.Result.Run, record.Result.Version)) is { } kept && kept.Origin == from) return kept.Weights;
        throw new BadInputException($"Run '{record.Result.Run}' version {record.Result.Version} began with the weights of {from}, SHA-256 {from.WeightsSha256}, and neither that model nor the run's copy of them is there any more; without them its rounds cannot be made again.");
    }
}
