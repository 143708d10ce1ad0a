using FlowGrain.Silo.Observing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowGrain.Cli.Output;

/// <summary>What the silo inside this process logs, as talk: one line each. What others than we have to say is for <c>--verbose</c>.</summary>
/// <param name="talk">Where it goes.</param>
/// <param name="verbose">Whether all of it does.</param>
/// <param name="json">Says when a line was written that shall be JSON; null for words.</param>
internal sealed class TalkLog(Talk talk, bool verbose, TimeProvider? json = null) : ILoggerProvider
{
    private const string Ours = "FlowGrain.";

    // The command that waits for the run ends with their sentence.
    private static readonly string[] SaidAtTheEnd = ["RunFailed", "WorkerFailed"];

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc />
    public void Dispose()
    {
    }

    private void Take<TState>(in LogEntry<TState> entry)
    {
        if (!verbose && (!entry.Category.StartsWith(Ours, StringComparison.Ordinal) || SaidAtTheEnd.Contains(entry.EventId.Name))) return;
        talk.Line(json is null ? Words(entry) : JsonLog.Line(json.GetUtcNow(), entry));
    }

    private string Words<TState>(in LogEntry<TState> entry)
    {
        var (level, message, error) = (JsonLog.WordOf(entry.LogLevel), entry.Formatter(entry.State, entry.Exception), entry.Exception);
        return verbose
            ? $"{level} {entry.Category}: {message}{(error is null ? "" : $"\n{error}")}"
            : OneLine($"{level}: {message}{(error is null ? "" : $": {error.Message}")}");
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private sealed class Category(TalkLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Take(new LogEntry<TState>(logLevel, name, eventId, state, exception, formatter));
    }
}
