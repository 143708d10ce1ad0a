using System.Collections.Immutable;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary>What there is to tell of one version of a run.</summary>
/// <param name="Progress">Where it is.</param>
/// <param name="Result">What it came to; null until it has finished.</param>
/// <param name="Losses">Its losses; empty where they are gone.</param>
/// <param name="ModelLost">What became of the model that it published, as a sentence; null while there is nothing to say.</param>
internal sealed record RunAccount(RunProgress Progress, RunResult? Result, ImmutableArray<LossPoint> Losses, string? ModelLost)
{
    /// <summary>Asks for it.</summary>
    /// <exception cref="BadInputException">There is no such run, or it has no such version.</exception>
    internal static async Task<RunAccount> Of(Invocation cli, ICluster cluster, ModelReference run, CancellationToken cancellation)
    {
        var (listed, isNewest) = await KnownRun.Version(cli, cluster, run, cancellation);
        var progress = isNewest ? await cluster.Progress(run.Name, cancellation) : Standing(listed);
        if (listed.Result is not null) return await Finished(cluster, new(progress, listed.Result, [], ModelLost: null), listed, cancellation);
        return new(progress, Result: null, isNewest ? await cluster.History(run.Name, cancellation) : [], ModelLost: null);
    }

    // The losses are the model's; without it the run is still worth its figures.
    private static async Task<RunAccount> Finished(ICluster cluster, RunAccount account, RunListing listed, CancellationToken cancellation)
    {
        if (!listed.IsPublished) return account with { ModelLost = "Its model was deleted; the command that trained it publishes it again." };
        try
        {
            return account with { Losses = await cluster.Losses(new(listed.Run, listed.Version), cancellation) };
        }
        catch (BadInputException damaged)
        {
            return account with { ModelLost = damaged.Message };
        }
    }

    // Of a version before the newest, the journal alone knows.
    private static RunProgress Standing(RunListing listed) => new(
        listed.Run, listed.Version, listed.Phase, Sequence: 0, listed.Step, listed.Steps, Epoch: listed.Result?.Epochs ?? double.NaN, TrainNats: double.NaN,
        ValidationNats: double.NaN, listed.ValidationNll ?? double.NaN, LearningRate: double.NaN, RowsPerSecond: double.NaN, Seconds: double.NaN, ResumedAtStep: null, Workers: 0, listed.Failure) { Objective = listed.Objective };
}
