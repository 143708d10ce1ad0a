using System.Globalization;
using FlowGrain.Storage;

namespace FlowGrain.Serving;

/// <summary>
/// The parts of a job that are done, in a folder until all of them are. Parts are done in the order of the rows, so what is known
/// of a job is one number: how many there are. Two processes that do the same job write the same bytes.
/// </summary>
internal sealed class ScoringLedger
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(7);

    private readonly string _folder;

    private ScoringLedger(string folder) => _folder = folder;

    /// <summary>Opens the ledger of a job, and clears away those that nobody has gone on with for a week.</summary>
    internal static ScoringLedger Open(string root, string job, TimeProvider clock)
    {
        var ledger = new ScoringLedger(Path.Combine(root, job));
        if (Directory.Exists(root)) Sweep(root, ledger._folder, clock.GetUtcNow().UtcDateTime - Abandoned);
        return ledger;
    }

    /// <summary>The parts that are there, up to the first that is not or is damaged.</summary>
    /// <param name="shape">What the job's parts hold.</param>
    internal IEnumerable<ScoredPart> Done(ScoreShape shape)
    {
        for (var index = 0L; File.Exists(PathOf(index)); index++)
        {
            if (ScoredPart.Read(PathOf(index), (long)index * shape.PartRows, shape) is not { } part) yield break;
            yield return part;
        }
    }

    /// <summary>Keeps a full part.</summary>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal void Keep(ScoredPart part)
    {
        DiskSpace.Use(_folder, () => Durable.CreateFolder(_folder));
        part.Write(PathOf(part.First / part.MostRows));
    }

    /// <summary>Forgets all parts: what they were for is done.</summary>
    internal void Remove()
    {
        if (Directory.Exists(_folder)) StagingFolder.Remove(_folder);
    }

    private static void Sweep(string root, string mine, DateTime abandoned)
    {
        foreach (var folder in Directory.EnumerateDirectories(root).Where(folder => folder != mine && Directory.GetLastWriteTimeUtc(folder) < abandoned).ToList())
            StagingFolder.Remove(folder);
    }

    private string PathOf(long index) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"part-{index:D5}"));
}
