using System.Text;
using FlowGrain.Data;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>Says of the rows of a file which are anomalies: 1, or 0 for none.</summary>
internal abstract class Labels : IDisposable
{
    /// <summary>The labels in a column of the file; where it is an npz that has no such column, in an array of that name.</summary>
    /// <param name="reader">The file, its columns selected but none of its rows read.</param>
    /// <param name="name">The column, or the array.</param>
    /// <param name="table">The columns of the model.</param>
    /// <exception cref="BadInputException">There is none, or the model has learned it.</exception>
    internal static Labels Of(TableReader reader, string name, TableSpec table)
    {
        if (reader.Columns.Contains(name) && table.Names.Contains(name)) throw new BadInputException($"The model has '{name}' among its columns, so it knows what it is to be measured by; name a column that it does not have.");
        if (!reader.Columns.Contains(name) && NpzReader.OpenBeside(reader.FilePath, name) is { } array) return new InArray(array);
        if (!reader.Columns.Contains(name))
            throw new BadInputException($"'{reader.FileName}' has no column '{name}' with labels; it has {NameList.Of(reader.Columns)}{Nearest.Hint(name, reader.Columns, "; choose among them.")}");
        CarriedColumns.Select(reader, [name], taken: []);
        return new InColumn(reader, name);
    }

    /// <summary>The labels of the next rows, of which some went before.</summary>
    internal abstract bool[] Next(ScoredChunk chunk, long before, CancellationToken cancellation);

    /// <summary>Returns where there are no further labels.</summary>
    internal abstract void RequireEnd(CancellationToken cancellation);

    public abstract void Dispose();

    private static BadInputException NoLabel(string where, string what) => new($"{where} {what}; a label is 1 for an anomaly and 0 for any other row: mend it, or leave --label out.");

    private sealed class InColumn(TableReader reader, string name) : Labels
    {
        internal override bool[] Next(ScoredChunk chunk, long before, CancellationToken cancellation) =>
            [.. Enumerable.Range(0, chunk.Cells[0].Count).Select(row => Label(chunk.Cells[0], row, before))];

        internal override void RequireEnd(CancellationToken cancellation)
        {
        }

        public override void Dispose()
        {
        }

        private bool Label(TextCells cells, int row, long before)
        {
            var text = Encoding.UTF8.GetString(cells[row]).Trim();
            if (!cells.IsMissing(row) && Cell.TryParse(text, out var value) && value is 0 or 1) return value == 1;
            if (!cells.IsMissing(row) && bool.TryParse(text, out var truth)) return truth;
            throw NoLabel($"'{reader.FileName}' {reader.Where(before + row + 1)}, column '{name}'", cells.IsMissing(row) || text == "" ? "is missing" : $"is '{text}'");
        }
    }

    private sealed class InArray(TableReader array) : Labels
    {
        internal override bool[] Next(ScoredChunk chunk, long before, CancellationToken cancellation)
        {
            var (values, read) = (new double[chunk.Rows], 0);
            for (int some; read < values.Length && (some = array.Read(values.AsSpan(read), cancellation)) > 0;) read += some;
            if (read < values.Length) throw new BadInputException($"'{array.FileName}' has {before + read} labels for more rows; save as many of both.");
            return [.. values.Select((value, row) => value is 0 or 1 ? value == 1 : throw NoLabel($"'{array.FileName}' row {before + row + 1}, the label", $"is {value}"))];
        }

        internal override void RequireEnd(CancellationToken cancellation)
        {
            if (array.Read(new double[1], cancellation) > 0) throw new BadInputException($"'{array.FileName}' has more labels than rows; save as many of both.");
        }

        public override void Dispose() => array.Dispose();
    }
}
