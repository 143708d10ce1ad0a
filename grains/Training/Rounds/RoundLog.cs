using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>
/// The record of a run's rounds on its way to the disk: lines wait in memory until the group commit that covers them, and
/// are then appended to a file of this activation's own, so that no other one can ever write into it.
/// </summary>
/// <remarks>
/// The snapshot says how much of which file counts. Rounds that are made again after a crash are in a new file, and those of
/// the old one behind its last commit count no more: each round is there once.
/// </remarks>
/// <param name="folder">The folder of the run's version.</param>
/// <param name="epoch">The claim of this activation.</param>
/// <param name="before">What earlier ones have written.</param>
internal sealed class RoundLog(string folder, Epoch epoch, ImmutableArray<RoundSegment> before)
{
    private readonly string _file = $"rounds.e{epoch.Number}.csv";
    private readonly XxHash128 _hash = new();
    private List<RoundLine> _waiting = [];
    private ImmutableArray<RoundSegment> _own = [];
    private long _bytes;

    /// <summary>What is durable, of this activation and those before.</summary>
    internal ImmutableArray<RoundSegment> Segments => [.. before, .. _own];

    /// <summary>Adds a round that was made.</summary>
    internal void Add(RoundLine line) => _waiting.Add(line);

    /// <summary>Takes the lines that wait, for <see cref="Append(IReadOnlyList{RoundLine})"/>.</summary>
    internal IReadOnlyList<RoundLine> Take()
    {
        var taken = _waiting;
        _waiting = [];
        return taken;
    }

    /// <summary>Writes lines and returns when they are on disk, with all that is.</summary>
    /// <exception cref="DiskFullException">There is no room for them.</exception>
    /// <exception cref="StaleEpochException">Another activation has claimed the same epoch, in a journal that was lost since.</exception>
    internal ImmutableArray<RoundSegment> Append(IReadOnlyList<RoundLine> lines)
    {
        if (lines.Count == 0) return Segments;
        var bytes = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => $"{line.Text}\n")));
        DiskSpace.Use(folder, () => Append(bytes));
        _hash.Append(bytes);
        _bytes += bytes.Length;
        _own = [new RoundSegment(_file, _bytes, Convert.ToHexStringLower(_hash.GetCurrentHash()))];
        return Segments;
    }

    /// <summary>Every durable line, oldest first.</summary>
    internal IEnumerable<RoundLine> Lines() => Segments.SelectMany(segment => segment.Lines(folder));

    private void Append(byte[] bytes)
    {
        var path = Path.Combine(folder, _file);
        if (_own.IsEmpty && File.Exists(path)) throw new StaleEpochException($"'{path}' is there already: another activation has epoch {epoch.Number} too, and the next one counts on from it.");
        using var file = new FileStream(path, _own.IsEmpty ? FileMode.CreateNew : FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(bytes);
        file.Flush(flushToDisk: true); // its name is durable with the snapshot's, in the same folder
    }
}
