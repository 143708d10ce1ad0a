using System.Diagnostics;
using System.Text.Json;
using FlowGrain.Serving;

namespace FlowGrain.Bench.Serving;

/// <summary>A silo under load for minutes while the champion of its model moves every few seconds: every answer is checked, and its memory watched.</summary>
internal static class Soak
{
    private const string Config = "nsf-c-6";
    private const int Connections = 64;
    private const double Share = 0.8; // of what it answers at most
    private const double Settled = 0.1; // of the time; from then on memory should not grow
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5); // two moves, and two looks at its memory

    internal static async Task<int> Run(SoakOptions options)
    {
        using var home = new TemporaryHome();
        var model = ServingSilo.Publish(home.Path, Config);
        ServingSilo.Publish(home.Path, Config, version: 2);
        using var silo = await ServingSilo.Start(home.Path);
        var champion = new Champion(silo.Url, Config);
        using var http = new HttpClient();
        await champion.Point(http, 1);
        await Load.Closed(silo.Url, ServingSpeed.Row(model), Connections, Short); // compiles
        var saturation = (await Load.Closed(silo.Url, ServingSpeed.Row(model), Connections, Short)).PerSecond;
        var figures = await Measure(silo, model, champion, http, Share * saturation, options.Time);
        if (options.Json) Console.WriteLine(JsonSerializer.Serialize(figures));
        else Print(figures);
        return figures is { Errors: 0, WrongVersions: 0 } ? 0 : 1;
    }

    private static void Print(SoakFigures figures)
    {
        foreach (var look in figures.Memory) Console.WriteLine(look);
        Console.WriteLine(figures);
    }

    private static async Task<SoakFigures> Measure(ServingSilo silo, StoredModel model, Champion champion, HttpClient http, double rate, TimeSpan time)
    {
        var answers = new[] { [], await Answer(silo, model, 1), await Answer(silo, model, 2) };
        SoakLane[] lanes = [.. Enumerable.Range(0, Connections).Select(_ => new SoakLane(ServingSpeed.Row(model), answers, champion))];
        var began = Stopwatch.GetTimestamp();
        var load = Task.WhenAll(lanes.Select((lane, index) => Task.Run(() => lane.Ask(silo.Url, began, TimeSpan.FromSeconds(index / rate), TimeSpan.FromSeconds(Connections / rate), time))));
        var memory = await Watch(silo, champion, http, load, began);
        await load;
        var latencies = Latencies.Of(lanes.Select(lane => lane.Latencies));
        var settled = memory.Where(look => look.Seconds >= Settled * time.TotalSeconds).ToList();
        var minutes = memory.GroupBy(look => (int)(look.Seconds / 60)).Select(minute => minute.First()).Append(memory[^1]);
        return new SoakFigures(
            time.TotalMinutes, rate, latencies.Count / Stopwatch.GetElapsedTime(began).TotalSeconds, latencies.Milliseconds(0.5), latencies.Milliseconds(0.99),
            lanes.Sum(lane => lane.Refused), lanes.Sum(lane => lane.Errors), lanes.Sum(lane => lane.WrongVersions), champion.Moves, settled[0].Resident, settled[^1].Resident, 60 * Slope(settled, look => look.Resident), 60 * Slope(settled, look => look.Committed), [.. minutes], lanes.FirstOrDefault(lane => lane.FirstError is not null)?.FirstError);
    }

    /// <summary>Moves the champion and looks at the silo's memory until the load has ended.</summary>
    private static async Task<List<MemoryLook>> Watch(ServingSilo silo, Champion champion, HttpClient http, Task load, long began)
    {
        var memory = new List<MemoryLook>();
        for (var next = 2; !load.IsCompleted; next = 3 - next)
        {
            memory.Add(await MemoryLook.Of(silo, http, Stopwatch.GetElapsedTime(began).TotalSeconds));
            await champion.Point(http, next);
            await Task.WhenAny(load, Task.Delay(Between, TimeProvider.System));
        }

        return memory;
    }

    /// <summary>What a version answers when it is asked by its number.</summary>
    private static async Task<byte[]> Answer(ServingSilo silo, StoredModel model, int version)
    {
        using var connection = await LoadConnection.Open(silo.Url);
        return await connection.Ask(ServingSpeed.Row(model, $"{model.Name}/versions/{version}")) == 200 ? connection.Body.ToArray() : throw new InvalidOperationException($"Version {version} does not answer.");
    }

    /// <summary>Megabytes a second by least squares.</summary>
    private static double Slope(List<MemoryLook> looks, Func<MemoryLook, double> megabytes)
    {
        var (time, memory) = (looks.Average(look => look.Seconds), looks.Average(megabytes));
        return looks.Sum(look => (look.Seconds - time) * (megabytes(look) - memory)) / looks.Sum(look => (look.Seconds - time) * (look.Seconds - time));
    }
}

/// <summary>What a soak came to.</summary>
internal sealed record SoakFigures(
    double Minutes, double Rate, double PerSecond, double P50, double P99, int Refused, int Errors, int WrongVersions, int Moves, double SettledMegabytes, double EndMegabytes, double MegabytesPerMinute, double HeapMegabytesPerMinute,
    MemoryLook[] Memory, string? FirstError)
{
    /// <inheritdoc />
    public override string ToString() =>
        $"""
        {Minutes:F0} min at {Rate:F0}/s, {Moves} moves of the champion: {PerSecond:F0} answers/s, p50 {P50:F2} ms, p99 {P99:F2} ms
        {Errors} errors (asked 0), {WrongVersions} of a wrong version (asked 0), {Refused} refused with 429{(FirstError is null ? "" : $"; the first error: {FirstError}")}
        memory of the silo: {SettledMegabytes:F0} MB after a tenth of the time, {EndMegabytes:F0} MB at the end, {MegabytesPerMinute:F2} MB a minute, of which .NET's heaps {HeapMegabytesPerMinute:F2}
        """;
}
