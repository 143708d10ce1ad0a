using System.Collections.Immutable;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary>What there is to tell of one version of a run.</summary>
/// <param name="Progress">Where it is.</param>
/// <param name="Result">What it came to; null until it has finished.</param>
/// <param name="Losses">Its losses; empty where they are gone.</param>
/// <param name="ModelIsGone">Whether it published a model that has been deleted since.</param>
internal sealed record RunAccount(RunProgress Progress, RunResult? Result, ImmutableArray<LossPoint> Losses, bool ModelIsGone)
{
    /// <summary>Asks for it. Of a version before the newest the journal keeps where it stands, and its model the losses.</summary>
    /// <exception cref="BadInputException">There is no such run, or it has no such version.</exception>
    internal static async Task<RunAccount> Of(ICluster cluster, ModelReference run, CancellationToken cancellation)
    {
        var (listed, isNewest) = await KnownRun.Version(cluster, run, cancellation);
        var progress = isNewest ? await cluster.Progress(run.Name, cancellation) : Standing(listed);
        var isGone = listed is { Result: not null, IsPublished: false };
        return new(progress, listed.Result, isGone || !isNewest ? [] : await cluster.History(run.Name, cancellation), isGone);
    }

    private static RunProgress Standing(RunListing listed) => new(
        listed.Run, listed.Version, listed.Phase, Sequence: 0, listed.Step, listed.Steps, Epoch: listed.Result?.Epochs ?? double.NaN, TrainNats: double.NaN,
        ValidationNats: double.NaN, listed.ValidationNll ?? double.NaN, LearningRate: double.NaN, RowsPerSecond: double.NaN, Seconds: double.NaN, ResumedAtStep: null, Workers: 0, listed.Failure);
}
