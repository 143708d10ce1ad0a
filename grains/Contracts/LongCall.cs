namespace FlowGrain;

/// <summary>Calls that last as long as their work does: reading a table, scoring it, preparing a run.</summary>
public static class LongCall
{
    /// <summary>Their response timeout: seven days, because a timeout must not be taken for a failure.</summary>
    public const string Timeout = "7.00:00:00";

    /// <summary>
    /// The response timeout of those that do the same twice as once: a minute, since an answer can be lost while both silos
    /// live. Who hears nothing for so long asks again, and waits for the first of them.
    /// </summary>
    public const string Repeatable = "00:01:00";
}
