using System.Diagnostics;
using System.Text.Json;

namespace FlowGrain.Bench.Serving;

/// <summary>
/// A silo under load for minutes while every few seconds a new version of its model is imported, becomes the champion, and the one
/// before is deleted: every answer is checked, and its memory must stay flat.
/// </summary>
internal static class Soak
{
    private const string Config = "nsf-c-6";
    private const int Connections = 64;
    private const double Share = 0.8; // of what it answers at most
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5); // two swaps, and two looks at its memory

    internal static async Task<int> Run(SoakOptions options)
    {
        using var home = new TemporaryHome();
        using var silo = await ServingSilo.Start(home.Path);
        using var http = new HttpClient();
        using var versions = new SoakVersions(silo, http, Config);
        await versions.Bring(1);
        var request = ServingSpeed.Row(ServingSilo.Model(Config));
        await Load.Closed(silo.Url, request, Connections, Short); // compiles
        var saturation = (await Load.Closed(silo.Url, request, Connections, Short)).PerSecond;
        var figures = await Measure(silo, http, versions, request, Share * saturation, options.Time);
        if (options.Json) Console.WriteLine(JsonSerializer.Serialize(figures));
        else Print(figures);
        return figures is { Errors: 0, WrongVersions: 0, IsFlat: true } ? 0 : 1;
    }

    private static void Print(SoakFigures figures)
    {
        foreach (var look in figures.Memory) Console.WriteLine(look);
        Console.WriteLine(figures);
    }

    private static async Task<SoakFigures> Measure(ServingSilo silo, HttpClient http, SoakVersions versions, byte[] request, double rate, TimeSpan time)
    {
        SoakLane[] lanes = [.. Enumerable.Range(0, Connections).Select(_ => new SoakLane(request, versions))];
        var began = Stopwatch.GetTimestamp();
        var load = Task.WhenAll(lanes.Select((lane, index) => Task.Run(() => lane.Ask(silo.Url, began, TimeSpan.FromSeconds(index / rate), TimeSpan.FromSeconds(Connections / rate), time))));
        var memory = await Watch(silo, versions, http, load, began);
        await load;
        var latencies = Latencies.Of(lanes.Select(lane => lane.Latencies));
        return new SoakFigures(
            time.TotalMinutes, rate, latencies.Count / Stopwatch.GetElapsedTime(began).TotalSeconds, latencies.Milliseconds(0.5), latencies.Milliseconds(0.99),
            lanes.Sum(lane => lane.Refused), lanes.Sum(lane => lane.Errors), lanes.Sum(lane => lane.WrongVersions), versions.Champion.Moves - 1, [.. memory],
            lanes.FirstOrDefault(lane => lane.FirstError is not null)?.FirstError);
    }

    /// <summary>Brings the next version and looks at the silo's memory, until the load has ended.</summary>
    private static async Task<List<MemoryLook>> Watch(ServingSilo silo, SoakVersions versions, HttpClient http, Task load, long began)
    {
        var memory = new List<MemoryLook>();
        for (var next = 2; !load.IsCompleted; next++)
        {
            memory.Add(await MemoryLook.Of(silo, http, Stopwatch.GetElapsedTime(began).TotalSeconds));
            await versions.Bring(next);
            await Task.WhenAny(load, Task.Delay(Between, TimeProvider.System));
        }

        return memory;
    }
}
