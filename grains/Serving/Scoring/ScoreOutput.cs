using System.Globalization;
using FlowGrain.Data;

namespace FlowGrain.Serving;

/// <summary>Where a job's scores go: one file of all parts, or a folder with a file of each. There whole, or not at all.</summary>
internal abstract class ScoreOutput : IDisposable
{
    /// <summary>Begins a file; of a path that ends in a slash, a folder of files with its extension.</summary>
    /// <exception cref="BadInputException">It cannot be written, or the folder holds something else.</exception>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal static ScoreOutput Begin(string path, ScoreShape shape, TimeProvider clock)
    {
        var columns = shape.Columns;
        return Path.EndsInDirectorySeparator(path) ? new InParts(PartsFolder.Begin(path, clock), Path.GetExtension(Path.TrimEndingDirectorySeparator(path)), columns) : new Merged(TableFile.Create(path, columns));
    }

    /// <summary>Writes the next part.</summary>
    internal abstract void Add(ScoredPart part);

    /// <summary>All parts are there. Without it nothing stays.</summary>
    internal abstract void Complete();

    public abstract void Dispose();

    private sealed class Merged(ITableWriter table) : ScoreOutput
    {
        internal override void Add(ScoredPart part) => table.Write(part.Table(), part.Cells);

        internal override void Complete() => table.Complete();

        public override void Dispose() => table.Dispose();
    }

    private sealed class InParts(PartsFolder folder, string extension, IReadOnlyList<WrittenColumn> columns) : ScoreOutput
    {
        internal override void Add(ScoredPart part)
        {
            var index = part.First / part.MostRows;
            using var table = TableFile.Create(folder.In(string.Create(CultureInfo.InvariantCulture, $"part-{index:D5}{extension}")), columns);
            table.Write(part.Table(), part.Cells);
            table.Complete();
        }

        internal override void Complete() => folder.Complete();

        public override void Dispose() => folder.Dispose();
    }
}
