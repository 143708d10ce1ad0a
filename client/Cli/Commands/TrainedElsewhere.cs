using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary>What to do about a run that another process on this home trains.</summary>
internal static class TrainedElsewhere
{
    /// <summary>The cluster's sentence, whose advice is for who wanted to train, with advice for who wanted the run to end.</summary>
    internal static RunConflictException Advise(RunConflictException conflict) => new($"{conflict.Message.Split(';')[0]}; stop it there with Ctrl+C.");
}
