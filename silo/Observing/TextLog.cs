using System.Globalization;
using FlowGrain.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FlowGrain.Silo.Observing;

/// <summary>Log lines for people: time in UTC, level, category and number of the event, the message, and the trace that it was written in; the stack of an error below.</summary>
public sealed class TextLog(TimeProvider clock) : ConsoleFormatter(Name)
{
    /// <summary>What the setting calls it.</summary>
    public new const string Name = "text";

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var trace = JobTraces.Now(LogRun.Of(logEntry.State)) is { } context ? $" (trace {context.TraceId.ToHexString()})" : "";
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {JsonLog.WordOf(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] {message}{trace}"));
        if (logEntry.Exception is { } error) textWriter.WriteLine(error);
    }
}
