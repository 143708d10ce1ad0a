namespace FlowGrain.Data;

/// <summary>Says why a data set could not be written.</summary>
internal static class StorageFault
{
    private const int NoSpace = 28;       // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>The sentence for a failed write.</summary>
    internal static BadInputException Sentence(string root, string file, Exception error) => new(error switch
    {
        { HResult: NoSpace or QuotaExceeded or WindowsDiskFull } => $"'{file}' could not be imported: no space is left in '{root}'; free some, or choose another folder with --home.",
        UnauthorizedAccessException => $"'{file}' could not be imported: '{root}' may not be written by this user; change its permissions, or choose another folder with --home.",
        _ => $"'{file}' could not be imported into '{root}' ({error.Message.TrimEnd('.')}); mend that, or choose another folder with --home.",
    });
}
