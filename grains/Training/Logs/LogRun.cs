namespace FlowGrain.Training;

/// <summary>Of which run a line of the log is.</summary>
internal static class LogRun
{
    private const string Field = "Run"; // as the messages of Log.cs name it

    /// <summary>The run that the fields of a line name; null where they name none.</summary>
    internal static string? Of(object? state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> fields) return null;
        for (var i = 0; i < fields.Count; i++)
            if (fields[i] is { Key: Field, Value: string run }) return run;
        return null;
    }
}
