using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary>What to do about a run that another process on this home trains, or the cluster.</summary>
internal static class TrainedElsewhere
{
    /// <summary>The cluster's sentence, whose advice is for who wanted to train, with advice for who wanted the run to end.</summary>
    internal static RunConflictException Advise(Invocation cli, string run, RunConflictException conflict) => new(cli.Remote is null
        ? $"{conflict.Message.Split(';')[0]}; stop it there with Ctrl+C."
        : $"{conflict.Message.Split(';')[0]}; stop it first, with '{cli.Suggest($"runs cancel {run}")}'.");
}
