using FlowGrain.Bench.Serving;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Bench.Observing;

/// <summary>
/// What telemetry costs: training and serving of a silo with all of it on, exported to a collector here and scraped every second,
/// over those of a silo with none, taken in turn in one run.
/// </summary>
internal static class TelemetryCost
{
    private const string Config = "nsf-c-6";
    private const int Columns = 6;
    private const int Rounds = 100;
    private const int Connections = 64;
    private const int Pairs = 9;
    private const double MostOfTraining = 0.02;
    private const double MostOfServing = 0.05;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Scraping = TimeSpan.FromSeconds(1);

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
        var isCheap = await Compare("training", MostOfTraining, () => Train(on, homeOfOn), () => Train(off, homeOfOff), "rows/s")
            & await Compare("serving", MostOfServing, () => Serve(on, row), () => Serve(off, row), "requests/s");
        await over.CancelAsync();
        await scraping;
        return isCheap ? 0 : 1;
    }

    private static async Task<bool> Compare(string what, double most, Func<Task<double>> with, Func<Task<double>> without, string unit)
    {
        await with(); // compiles
        await without();
        var (ratios, off) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < Pairs; pair++)
        {
            var first = pair % 2 == 0 ? await with() : await without();
            var second = pair % 2 == 0 ? await without() : await with();
            var (on, bare) = pair % 2 == 0 ? (first, second) : (second, first);
            ratios.Add(on / bare);
            off.Add(bare);
            Console.WriteLine($"{what}: {on:F0} {unit} with telemetry, {bare:F0} without, ratio {on / bare:F3}");
        }

        var ratio = ratios.Order().ElementAt(Pairs / 2);
        Console.WriteLine($"{what}: median ratio {ratio:F3} (asked {1 - most:F2}); ratios from {ratios.Min():F3} to {ratios.Max():F3}, without from {off.Min():F0} to {off.Max():F0} {unit}");
        return ratio >= 1 - most;
    }

    private static string Home(TemporaryHome home, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home.Path, name)).FullName;
        NormalTable.Write(folder, Columns);
        return folder;
    }

    private static async Task<double> Train(ServingSilo silo, string folder)
    {
        using var http = ApiConnection.Open(silo.Url, key: null);
        var (cluster, run) = ((ICluster)new HttpCluster(http, (_, _, _) => Task.CompletedTask, TimeProvider.System), $"run-{_runs++}");
        var plan = new TrainingPlan { Data = new DataSelection(Path.Combine(folder, "normals.csv"), [], [], MissingRows.Refuse), Steps = Rounds, ValidationFraction = 0 };
        await cluster.StartRun(run, plan, reading: null);
        await foreach (var progress in cluster.WatchRun(run)) if (progress.Failure is { } failure) throw new InvalidOperationException(failure);
        return (await cluster.Result(run))!.RowsPerSecond;
    }

    private static async Task<double> Serve(ServingSilo silo, byte[] row) => (await Load.Closed(silo.Url, row, Connections, Short)).PerSecond;

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
}
