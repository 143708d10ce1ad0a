using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>Picks the lines that say of which run they are.</summary>
internal sealed class RunLogger(RunLog log) : ILogger
{
    private const string Field = "Run"; // as the messages of Log.cs name it

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (RunOf(state) is { } run && RunName.IsAllowed(run)) log.Take(run, logLevel, eventId.Name ?? "", formatter(state, exception), exception);
    }

    private static string? RunOf<TState>(TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> fields) return null;
        for (var i = 0; i < fields.Count; i++)
            if (fields[i] is { Key: Field, Value: string run }) return run;
        return null;
    }
}
