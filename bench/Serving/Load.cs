using System.Diagnostics;

namespace FlowGrain.Bench.Serving;

/// <summary>What many clients saw.</summary>
/// <param name="Seconds">How long they asked.</param>
/// <param name="Latencies">Seconds of every answer with status 200, sorted.</param>
/// <param name="Refused">Answers with 429.</param>
/// <param name="Errors">Any other.</param>
internal sealed record Load(double Seconds, double[] Latencies, int Refused, int Errors)
{
    internal double PerSecond => Latencies.Length / Seconds;

    /// <summary>The latency that a share of the answers did not exceed, milliseconds.</summary>
    internal double Milliseconds(double share) => Latencies.Length == 0 ? double.NaN : 1000 * Latencies[(int)Math.Min(Latencies.Length - 1, share * Latencies.Length)];

    /// <summary>As many requests as the silo answers: every connection sends the next when it has the last one's answer.</summary>
    internal static Task<Load> Closed(Uri silo, byte[] request, int connections, TimeSpan time) => Of(silo, connections, time, async (connection, _, began, seen) =>
    {
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            var sent = Stopwatch.GetTimestamp();
            seen.Add(await connection.Ask(request), Stopwatch.GetElapsedTime(sent));
        }
    });

    /// <summary>
    /// So many requests a second whatever the silo does, spread evenly over connections. One that could not be sent in time, since the
    /// answer before it was late, counts from when it should have been sent.
    /// </summary>
    internal static Task<Load> Open(Uri silo, byte[] request, int connections, double perSecond, TimeSpan time) => Of(silo, connections, time, async (connection, index, began, seen) =>
    {
        var ready = began;
        for (var number = index; ; number += connections)
        {
            var due = began + (long)(number / perSecond * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(began, due) > time) return;
            if (Stopwatch.GetTimestamp() is var now && now < due) await Task.Delay(Stopwatch.GetElapsedTime(now, due), TimeProvider.System);
            var from = ready > due ? due : Stopwatch.GetTimestamp(); // a timer that is late is no fault of the silo
            seen.Add(await connection.Ask(request), Stopwatch.GetElapsedTime(from));
            ready = Stopwatch.GetTimestamp();
        }
    });

    private static async Task<Load> Of(Uri silo, int connections, TimeSpan time, Func<LoadConnection, int, long, Seen, Task> ask)
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => LoadConnection.Open(silo)));
        Seen[] seen = [.. clients.Select(_ => new Seen())];
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(clients.Select((client, index) => Task.Run(() => ask(client, index, began, seen[index]))));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var client in clients) client.Dispose();
        return new Load(seconds, [.. seen.SelectMany(one => one.Latencies).Order()], seen.Sum(one => one.Refused), seen.Sum(one => one.Errors));
    }

    /// <summary>What one connection saw.</summary>
    private sealed class Seen
    {
        internal List<double> Latencies { get; } = [];

        internal int Refused { get; private set; }

        internal int Errors { get; private set; }

        internal void Add(int status, TimeSpan latency)
        {
            if (status == 200) Latencies.Add(latency.TotalSeconds);
            else if (status == 429) Refused++;
            else Errors++;
        }
    }
}
