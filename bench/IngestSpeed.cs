using System.Diagnostics;
using FlowGrain.Data;

namespace FlowGrain.Bench;

/// <summary>Rows a second of an import from the first row read to the last block on disk, beside the reading alone; then how long it takes to open what is imported.</summary>
internal static class IngestSpeed
{
    private const int Rounds = 3;

    internal static int Run(string path)
    {
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            using var home = new TemporaryHome();
            var store = new DatasetStore(Path.Combine(home.Path, "data"), TimeProvider.System);
            var selection = new DataSelection(path, [], [], MissingRows.Drop);
            var (read, rows) = Read(path);
            var import = Seconds(() => store.Import(selection, progress: null, CancellationToken.None).Dispose());
            var again = Seconds(() => store.Import(selection, progress: null, CancellationToken.None).Dispose());
            ratios.Add(read / import);
            Console.WriteLine($"{rows} rows: read alone {read:F2} s, imported {import:F2} s ({read / import:F2} of the reading's speed), opened again {again:F2} s");
        }

        Console.WriteLine($"median: imported at {ratios.Order().ElementAt(Rounds / 2):F2} of the reading's speed");
        return 0;
    }

    private static (double Seconds, long Rows) Read(string path)
    {
        using var reader = TableReader.Open(path);
        reader.Select([.. Enumerable.Range(0, reader.Columns.Length)], byName: false);
        var batch = new double[8192 * reader.Width];
        return (Seconds(() =>
        {
            while (reader.Read(batch, CancellationToken.None) > 0)
            {
                // The speed of the reader, whatever becomes of its rows.
            }
        }), reader.RowsRead);
    }

    private static double Seconds(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
