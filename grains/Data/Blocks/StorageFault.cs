namespace FlowGrain.Data;

/// <summary>Says why a data set could not be written.</summary>
internal static class StorageFault
{
    /// <summary>The sentence for a failed write.</summary>
    internal static BadInputException Sentence(string root, string file, Exception error) => new(error switch
    {
        UnauthorizedAccessException => $"'{file}' could not be imported: '{root}' may not be written by this user; change its permissions, or choose another folder with --home.",
        _ => $"'{file}' could not be imported into '{root}' ({error.Message.TrimEnd('.')}); mend that, or choose another folder with --home.",
    });
}
