using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace FlowGrain.Training;

/// <summary>Reads what was said of a run, piece by piece.</summary>
public static class RunLogReading
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500); // faster than eyes need

    /// <summary>All that was said; followed, it goes on with what is said until the run is at rest, and an empty piece says that there was nothing for a moment.</summary>
    /// <param name="grains">The cluster's.</param>
    /// <param name="run">The run.</param>
    /// <param name="follow">Whether to go on.</param>
    /// <param name="clock">Times the looks.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="NotFoundException">Nothing is kept of such a run.</exception>
    public static async IAsyncEnumerable<ImmutableArray<RunLogLine>> ReadLog(
        this IGrainFactory grains, string run, bool follow, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (log, read, isSettled) = (grains.GetGrain<IRunLogGrain>(RunName.Require(run)), ImmutableDictionary<string, long>.Empty, !follow);
        while (true)
        {
            var isOver = !follow || (await Repeated.Call(grains.GetGrain<IRunGrain>(run).Progress, clock, cancellation)).Phase.IsAtRest(); // first: its last line was said before
            var lines = await Next(log, read, mayBegin: !isOver, clock, cancellation);
            if (lines.IsEmpty && isSettled) yield break;
            isSettled |= isOver && lines.IsEmpty; // and a look more: a silo writes its lines a moment after it has said them
            yield return lines;
            foreach (var line in lines) read = read.SetItem(line.File, line.End);
            if (lines.IsEmpty) await Task.Delay(Pause, clock, cancellation);
        }
    }

    /// <summary>The next lines; none of a run that has said nothing yet, where it may begin to.</summary>
    private static async Task<ImmutableArray<RunLogLine>> Next(IRunLogGrain log, ImmutableDictionary<string, long> read, bool mayBegin, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            return await Repeated.Call(() => log.Read(read), clock, cancellation);
        }
        catch (NotFoundException) when (mayBegin)
        {
            return [];
        }
    }
}
