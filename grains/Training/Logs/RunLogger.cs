using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>Picks the lines that say of which run they are.</summary>
internal sealed class RunLogger(RunLog log) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (LogRun.Of(state) is { } run && RunName.IsAllowed(run)) log.Take(run, logLevel, eventId.Name ?? "", formatter(state, exception), exception);
    }
}
