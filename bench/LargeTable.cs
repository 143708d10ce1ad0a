using System.Diagnostics.Metrics;
using System.Globalization;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Silo;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>Training on thirty million rows of eight columns, a gigabyte of blocks: the memory of its own that it takes, and the share of their time that slots spend on rows instead of computing.</summary>
internal static class LargeTable
{
    private const int Columns = 8;
    private const int Copies = 229; // of 131,072 rows
    private const int Steps = 2_000;
    private const double MostMegabytes = 600;
    private const double MostWaiting = 0.02;

    internal static async Task<int> Run()
    {
        using var home = new TemporaryHome();
        var table = Repeated(home.Path);
        await using var silo = await EmbeddedCluster.Start(home.Path, [], CancellationToken.None);
        using var seconds = new ShardTimes();
        using var memory = new PrivateMemory();
        var plan = new TrainingPlan { Data = new DataSelection(table, [], [], MissingRows.Refuse), Steps = Steps };
        var cluster = new GrainCluster(silo.Grains, TimeProvider.System);
        await cluster.StartRun("large", plan, reading: null, CancellationToken.None);
        var reading = memory.Peak();
        await foreach (var progress in cluster.WatchRun("large", CancellationToken.None))
            if (progress.Phase == RunPhase.Failed) throw new InvalidOperationException(progress.Failure);

        var (training, waiting, result) = (memory.Peak(), seconds.Data / seconds.Whole, (await cluster.Result("large", CancellationToken.None))!);
        Console.WriteLine(
            $"{result.Rows} rows of {Columns} columns: {reading:F0} MB of its own at most while it was read, {training:F0} MB while it trained (at most {MostMegabytes}); " +
            $"{result.RowsPerSecond:F0} rows/s, {100 * waiting:F2}% of the slots' time on rows (at most {100 * MostWaiting}%)");
        return Math.Max(reading, training) <= MostMegabytes && waiting <= MostWaiting ? 0 : 1;
    }

    /// <summary>A folder with many names for one file.</summary>
    private static string Repeated(string home)
    {
        var (file, folder) = (NormalTable.Write(home, Columns), Path.Combine(home, "rows"));
        Directory.CreateDirectory(folder);
        for (var copy = 0; copy < Copies; copy++) File.CreateSymbolicLink(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{copy:000}.csv")), file);
        return folder;
    }

    /// <summary>Adds up what slots spend on shards, and on their rows.</summary>
    private sealed class ShardTimes : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Lock _lock = new();

        internal ShardTimes()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name is "flowgrain.train.data.duration" or "flowgrain.train.shard.duration") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name.Contains("data", StringComparison.Ordinal), value));
            _listener.Start();
        }

        internal double Data { get; private set; }

        internal double Whole { get; private set; }

        public void Dispose() => _listener.Dispose();

        private void Add(bool isData, double seconds)
        {
            lock (_lock)
            {
                if (isData) Data += seconds;
                else Whole += seconds;
            }
        }
    }

    /// <summary>Looks ten times a second how much memory of its own the process has: pages of files, which the system may take back, are not counted.</summary>
    private sealed class PrivateMemory : IDisposable
    {
        private readonly Timer _timer;
        private double _peak;

        internal PrivateMemory() => _timer = new Timer(_ => Look(), state: null, TimeSpan.Zero, TimeSpan.FromSeconds(0.1));

        /// <summary>The most since it was asked last, megabytes.</summary>
        internal double Peak() => Interlocked.Exchange(ref _peak, 0);

        public void Dispose() => _timer.Dispose();

        private void Look()
        {
            var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon", StringComparison.Ordinal));
            var megabytes = double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
            if (megabytes > Volatile.Read(ref _peak)) Interlocked.Exchange(ref _peak, megabytes);
        }
    }
}
