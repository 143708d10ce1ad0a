using FlowGrain.Bench.Serving;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Bench.Observing;

/// <summary>
/// What telemetry costs: training and serving of a silo with all of it on, exported to a collector here and scraped as often as deploy/prometheus does,
/// over those of a silo with none, taken in turn in one run: its OTEL_SDK_DISABLED leaves no listener to any span or instrument,
/// so that no round is traced either. What a run keeps of itself, its curves and its log, both have.
/// </summary>
internal static class TelemetryCost
{
    private const string Config = "nsf-c-6";
    private const int Columns = 6;
    private const int Rounds = 50;
    private const int Connections = 64;
    private const int Pairs = 31;
    private const double MostOfTraining = 0.02;
    private const double MostOfServing = 0.05;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Scraping = TimeSpan.FromSeconds(15);

    private static int _runs;

    internal static async Task<int> Run()
    {
        using var home = new TemporaryHome();
        await using var receiver = await OtlpReceiver.Start(keeps: false);
        var (homeOfOn, homeOfOff) = (Home(home, "on"), Home(home, "off"));
        var model = ServingSilo.Publish(homeOfOn, Config);
        ServingSilo.Publish(homeOfOff, Config);
        using var on = await ServingSilo.Start(homeOfOn, $"--Otlp:Endpoint={receiver.Grpc}");
        using var off = await ServingSilo.Start(homeOfOff, "--OTEL_SDK_DISABLED=true");
        using var over = new CancellationTokenSource();
        var scraping = Scrape(on, over.Token);
        var row = ServingSpeed.Row(model);
        var isCheap = await Compare("training", MostOfTraining, () => Train(on, homeOfOn), () => Train(off, homeOfOff))
            & await Compare("serving", MostOfServing, () => Serve(on, row), () => Serve(off, row));
        await over.CancelAsync();
        await scraping;
        return isCheap ? 0 : 1;
    }

    private static async Task<bool> Compare(string what, double most, Func<Task<Work>> with, Func<Task<Work>> without)
    {
        await with(); // compiles
        await without();
        List<(Work On, Work Off)> pairs = [];
        for (var pair = 0; pair < Pairs; pair++)
        {
            var (first, second) = pair % 2 == 0 ? (await with(), await without()) : (await without(), await with());
            pairs.Add(pair % 2 == 0 ? (first, second) : (second, first));
            Console.WriteLine($"{what}: {pairs[^1].On} with telemetry, {pairs[^1].Off} without, ratio {Speed(pairs[^1]):F3}, of processor time {Processor(pairs[^1]):F3}");
        }

        var (speed, processor) = (Median(pairs.Select(Speed)), Median(pairs.Select(Processor)));
        Console.WriteLine($"{what}: median ratio {speed:F3} (asked {1 - most:F2}), from {pairs.Min(Speed):F3} to {pairs.Max(Speed):F3}; of processor time {processor:F3}, from {pairs.Min(Processor):F3} to {pairs.Max(Processor):F3}");
        return speed >= 1 - most;
    }

    private static double Speed((Work On, Work Off) pair) => pair.On.PerSecond / pair.Off.PerSecond;

    private static double Processor((Work On, Work Off) pair) => pair.On.Microseconds / pair.Off.Microseconds;

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Pairs / 2);

    private static string Home(TemporaryHome home, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home.Path, name)).FullName;
        NormalTable.Write(folder, Columns);
        return folder;
    }

    private static async Task<Work> Train(ServingSilo silo, string folder)
    {
        using var http = ApiConnection.Open(silo.Url, key: null);
        var (cluster, run, before) = ((ICluster)new HttpCluster(http, new AnswerFiles(), TimeProvider.System), $"run-{_runs++}", silo.ProcessorTime);
        var plan = new TrainingPlan { Data = new DataSelection(Path.Combine(folder, "normals.csv"), [], [], MissingRows.Refuse), Steps = Rounds, ValidationFraction = 0 };
        await cluster.StartRun(run, plan, reading: null);
        await foreach (var progress in cluster.WatchRun(run)) if (progress.Failure is { } failure) throw new InvalidOperationException(failure);
        var result = (await cluster.Result(run))!;
        return Work.Of(result.RowsPerSecond, silo.ProcessorTime - before, Rounds * plan.Shards * plan.BatchRows);
    }

    private static async Task<Work> Serve(ServingSilo silo, byte[] row)
    {
        var before = silo.ProcessorTime;
        var load = await Load.Closed(silo.Url, row, Connections, Short);
        return Work.Of(load.PerSecond, silo.ProcessorTime - before, load.Latencies.Length);
    }

    private static async Task Scrape(ServingSilo silo, CancellationToken over)
    {
        using var http = new HttpClient();
        using var timer = new PeriodicTimer(Scraping, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(over)) await http.GetByteArrayAsync(new Uri(silo.Url, "/metrics"), over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is measured.
        }
    }

    /// <summary>What a silo did.</summary>
    /// <param name="PerSecond">Rows or requests a second.</param>
    /// <param name="Microseconds">Processor time of the silo for each, which neighbours disturb less.</param>
    private readonly record struct Work(double PerSecond, double Microseconds)
    {
        internal static Work Of(double perSecond, TimeSpan time, double count) => new(perSecond, time.TotalMicroseconds / count);

        public override string ToString() => $"{PerSecond:F0}/s at {Microseconds:F1} µs";
    }
}
