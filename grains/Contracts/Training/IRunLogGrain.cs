using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>What was said of a run, on every silo. It lies beside the run's checkpoints and needs no journal, so it is read after its cluster is gone, too. Key: the run's name.</summary>
[Alias("flowgrain.training.IRunLogGrain")]
public interface IRunLogGrain : IGrainWithStringKey
{
    /// <summary>The next lines, by their times; none when all were read.</summary>
    /// <param name="read">Where the reading of each file ended: <see cref="RunLogLine.End"/> of its last line, by <see cref="RunLogLine.File"/>. Empty at first.</param>
    /// <exception cref="NotFoundException">Nothing is kept of such a run.</exception>
    [Alias("Read"), Orleans.Concurrency.AlwaysInterleave]
    Task<ImmutableArray<RunLogLine>> Read(ImmutableDictionary<string, long> read);
}
