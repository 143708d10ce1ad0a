using Microsoft.Extensions.Logging;

namespace FlowGrain.Cli.Output;

/// <summary>What the silo inside this process logs, as talk: one line each. What others than we have to say is for <c>--verbose</c>.</summary>
internal sealed class TalkLog(Talk talk, bool verbose) : ILoggerProvider
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

    private void Take(string category, LogLevel level, EventId id, string message, Exception? error)
    {
        if (verbose) talk.Line($"{Word(level)} {category}: {message}{(error is null ? "" : $"\n{error}")}");
        else if (category.StartsWith(Ours, StringComparison.Ordinal) && !SaidAtTheEnd.Contains(id.Name)) talk.Line(OneLine($"{Word(level)}: {message}{(error is null ? "" : $": {error.Message}")}"));
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private sealed class Category(TalkLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Take(name, logLevel, eventId, formatter(state, exception), exception);
    }
}
