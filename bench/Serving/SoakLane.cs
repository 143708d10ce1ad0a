using System.Diagnostics;
using System.Text;

namespace FlowGrain.Bench.Serving;

/// <summary>One connection of a soak: its requests at their times, and what was wrong with the answers.</summary>
/// <param name="request">What is asked again and again.</param>
/// <param name="answers">The body that each version answers with, by its number.</param>
/// <param name="champion">The alias that decides which version answers.</param>
internal sealed class SoakLane(byte[] request, byte[][] answers, Champion champion)
{
    internal Latencies Latencies { get; } = new();

    /// <summary>Answers with 429.</summary>
    internal int Refused { get; private set; }

    /// <summary>Answers with any other status but 200, or with a body that no version has.</summary>
    internal int Errors { get; private set; }

    /// <summary>The first of them; null without.</summary>
    internal string? FirstError { get; private set; }

    /// <summary>Answers of a version that the alias did not name between the request and its answer.</summary>
    internal int WrongVersions { get; private set; }

    /// <summary>Asks every so often, without a wait where the answer before was late; such a request counts from when it was due.</summary>
    internal async Task Ask(Uri silo, long began, TimeSpan first, TimeSpan every, TimeSpan time)
    {
        using var connection = await LoadConnection.Open(silo);
        var ready = began;
        for (var due = first; due < time; due += every)
        {
            var at = began + (long)(due.TotalSeconds * Stopwatch.Frequency);
            if (Stopwatch.GetTimestamp() is var now && now < at) await Task.Delay(Stopwatch.GetElapsedTime(now, at), TimeProvider.System);
            var from = ready > at ? at : Stopwatch.GetTimestamp(); // a timer that is late is no fault of the silo
            var before = champion.Seen;
            var status = await connection.Ask(request);
            ready = Stopwatch.GetTimestamp();
            Judge(status, connection.Body, before, champion.Seen, Stopwatch.GetElapsedTime(from, ready));
        }
    }

    private void Judge(int status, ReadOnlySpan<byte> body, Champion.State before, Champion.State after, TimeSpan latency)
    {
        var version = status == 200 ? VersionOf(body) : 0;
        if (status == 429) Refused++;
        else if (version == 0) (Errors, FirstError) = (Errors + 1, FirstError ?? $"{status} {Encoding.UTF8.GetString(body)}");
        else if (!before.MayName(version) && !after.MayName(version)) WrongVersions++;
        else Latencies.Add(latency);
    }

    /// <summary>Whose answer it is, to the last digit; 0 for nobody's.</summary>
    private int VersionOf(ReadOnlySpan<byte> body)
    {
        for (var version = 1; version < answers.Length; version++)
            if (body.SequenceEqual(answers[version])) return version;
        return 0;
    }
}
