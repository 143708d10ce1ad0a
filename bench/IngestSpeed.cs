using System.Diagnostics;
using FlowGrain.Data;

namespace FlowGrain.Bench;

/// <summary>Seconds of an import from the first row read to the last block on disk, beside the library's own parsing of the same numbers; then how long it takes to open what is imported.</summary>
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
            var (parsed, (read, rows)) = (Parsed(path), Read(path));
            var import = Seconds(() => store.Import(selection, progress: null, CancellationToken.None).Dispose());
            var again = Seconds(() => store.Import(selection, progress: null, CancellationToken.None).Dispose());
            ratios.Add((parsed ?? read) / import);
            var library = parsed is { } seconds ? $"Sylvan's GetDouble {seconds:F2} s, " : "";
            Console.WriteLine($"{rows} rows: {library}our rows alone {read:F2} s, imported {import:F2} s ({ratios[^1]:F2} of the {(parsed is null ? "reading" : "library")}'s speed), opened again {again:F2} s");
        }

        Console.WriteLine($"median: imported at {ratios.Order().ElementAt(Rounds / 2):F2} of that speed");
        return 0;
    }

    private static double? Parsed(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Seconds(() => ReaderSpeed.Sylvan(path)) : null;

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
