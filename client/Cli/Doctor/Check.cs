namespace FlowGrain.Cli.Doctor;

/// <summary>One thing looked at.</summary>
/// <param name="Name">What, in a word.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">What to do about it; null when nothing is wrong.</param>
internal sealed record Check(string Name, CheckStatus Status, string Message, string? Fix = null);

/// <summary>How it stands.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, with something lost.</summary>
    Warn,

    /// <summary>Does not work.</summary>
    Fail,
}
