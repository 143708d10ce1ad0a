using System.Globalization;
using System.Text;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data;

/// <summary>Small tables, and short ways to read and import them.</summary>
internal static class Tables
{
    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Rows of standard normal numbers, the same for every run.</summary>
    internal static double[,] Normal(int rows, int width, int seed = 1)
    {
        var random = new Random(seed);
        var table = new double[rows, width];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < width; column++)
                table[row, column] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return table;
    }

    internal static string Csv(double[,] table, string? header = null)
    {
        var text = new StringBuilder(header is null ? "" : header + "\n");
        for (var row = 0; row < table.GetLength(0); row++)
            text.AppendJoin(',', Row(table, row).Select(value => value.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        return text.ToString();
    }

    internal static double[] Row(double[,] table, int row) =>
        [.. Enumerable.Range(0, table.GetLength(1)).Select(column => table[row, column])];

    /// <summary>Every row of a file, all columns.</summary>
    internal static double[][] Read(string path)
    {
        using var reader = TableReader.Open(path);
        reader.Select([.. Enumerable.Range(0, reader.Columns.Length)], byName: false);
        return ReadAll(reader);
    }

    internal static double[][] ReadAll(TableReader reader)
    {
        var rows = new List<double[]>();
        var batch = new double[7 * reader.Width]; // an odd size: batches end where nothing else does
        while (reader.Read(batch, Cancellation) is > 0 and var count)
            rows.AddRange(batch.Take(count * reader.Width).Chunk(reader.Width));
        return [.. rows];
    }

    internal static string[] Columns(string path)
    {
        using var reader = TableReader.Open(path);
        return [.. reader.Columns];
    }

    internal static DataSelection All(string path, MissingRows missing = MissingRows.Refuse) => new(path, [], [], missing);

    internal static DataSelection Of(string path, params string[] columns) => new(path, [.. columns], [], MissingRows.Refuse);

    internal static Dataset Import(TempFolder folder, DataSelection selection) => Store(folder).Import(selection, null, Cancellation);

    internal static DatasetStore Store(TempFolder folder) => new(folder.In("store"), TimeProvider.System);

    internal static Dataset Import(TempFolder folder, double[,] table) =>
        Import(folder, All(folder.Write("table.npy", Npy.Of(table))));
}
