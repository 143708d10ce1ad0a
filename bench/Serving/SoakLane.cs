using System.Diagnostics;
using System.Text;

namespace FlowGrain.Bench.Serving;

/// <summary>One connection of a soak: its requests at their times, and what was wrong with the answers.</summary>
/// <param name="request">What is asked again and again.</param>
/// <param name="versions">The versions that come and go.</param>
internal sealed class SoakLane(byte[] request, SoakVersions versions)
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
            var before = versions.Champion.Seen;
            var status = await connection.Ask(request);
            ready = Stopwatch.GetTimestamp();
            Judge(status, connection.Body, before, versions.Champion.Seen, Stopwatch.GetElapsedTime(from, ready));
        }
    }

    private void Judge(int status, ReadOnlySpan<byte> body, Champion.State before, Champion.State after, TimeSpan latency)
    {
        if (status == 429) Refused++;
        else if (status == 200 && (Is(body, after.Now) || Is(body, before.Now) || Is(body, after.Next) || Is(body, before.Next))) Latencies.Add(latency);
        else if (status == 200 && IsAny(body)) WrongVersions++;
        else (Errors, FirstError) = (Errors + 1, FirstError ?? $"{status} {Encoding.UTF8.GetString(body)}");
    }

    /// <summary>Whether it is a version's answer, to the last digit.</summary>
    private bool Is(ReadOnlySpan<byte> body, int version) => versions.Answers.TryGetValue(version, out var answer) && body.SequenceEqual(answer);

    private bool IsAny(ReadOnlySpan<byte> body)
    {
        foreach (var version in versions.Answers.Keys)
            if (Is(body, version)) return true;
        return false;
    }
}
