using System.Diagnostics;
using FlowGrain.Silo.Observing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Observing;

public sealed class TextLogTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 27, 4, 5, 6, 789, TimeSpan.Zero));

    [Fact]
    public void A_line_has_its_time_its_level_and_the_trace_that_it_was_written_in()
    {
        using var span = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        Assert.Equal($"2026-11-27T04:05:06.789Z warning: FlowGrain.Silo[7] It is full. (trace {span.TraceId.ToHexString()})\n", Written(error: null));
    }

    [Fact]
    public void Without_a_trace_none_is_said_and_an_error_follows_below()
    {
        Activity.Current = null;
        Assert.Equal($"2026-11-27T04:05:06.789Z warning: FlowGrain.Silo[7] It is full.\nSystem.IO.IOException: No space left.\n", Written(new IOException("No space left.")));
    }

    private static string Written(Exception? error)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new TextLog(Clock).Write(new LogEntry<string>(LogLevel.Warning, "FlowGrain.Silo", new EventId(7), "It is full.", error, (state, _) => state), scopeProvider: null, text);
        return text.ToString();
    }
}
