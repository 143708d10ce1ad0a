using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Storage;

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
        return Path.EndsInDirectorySeparator(path) ? new InParts(Path.TrimEndingDirectorySeparator(path), columns, clock) : new Merged(TableFile.Create(path, columns));
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

    private sealed class InParts : ScoreOutput
    {
        private readonly string _path;
        private readonly IReadOnlyList<WrittenColumn> _columns;
        private readonly StagingFolder _folder;

        internal InParts(string path, IReadOnlyList<WrittenColumn> columns, TimeProvider clock)
        {
            TableFile.Require(path);
            RequireReplaceable(path);
            (_path, _columns, _folder) = (path, columns, WholeFile.Writing(path, () => StagingFolder.Create(Path.GetDirectoryName(path)!, clock)));
        }

        internal override void Add(ScoredPart part)
        {
            var index = part.First / part.MostRows;
            using var table = TableFile.Create(_folder.In(string.Create(CultureInfo.InvariantCulture, $"part-{index:D5}{Path.GetExtension(_path)}")), _columns);
            table.Write(part.Table(), part.Cells);
            table.Complete();
        }

        internal override void Complete() => WholeFile.Writing(_path, () =>
        {
            _folder.Replace(_path);
            return true;
        });

        public override void Dispose() => _folder.Dispose();

        // An earlier answer may be replaced, and nothing else.
        private static void RequireReplaceable(string path)
        {
            if (File.Exists(path)) throw new BadInputException($"'{path}' is a file; name another folder, or leave the slash out to write one file.");
            if (!Directory.Exists(path)) return;
            if (Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => !IsPart(entry)) is { } other)
                throw new BadInputException($"'{path}' holds '{Path.GetFileName(other)}', which is no part of earlier scores, and would be lost; name another folder.");
        }

        private static bool IsPart(string path) => Path.GetFileName(path).StartsWith("part-", StringComparison.Ordinal) && TableFile.IsWritable(path);
    }
}
