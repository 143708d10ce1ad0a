namespace FlowGrain.Cli;

/// <summary>The folder that holds runs, models and data.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Suffix">What a suggested command needs to find it again: <c> --home DIR</c>, or nothing.</param>
internal sealed record HomeFolder(string Path, string Suffix)
{
    /// <summary>The folder that <c>--home</c> names.</summary>
    /// <exception cref="BadInputException">It names none: a variable of the user's that is not set would otherwise choose the default.</exception>
    internal static string Require(string option) => string.IsNullOrWhiteSpace(option) ? throw new BadInputException("--home is empty; name a folder.") : option;

    /// <summary><c>--home</c>, else FLOWGRAIN_HOME, else ~/.flowgrain.</summary>
    internal static HomeFolder Choose(string? option, Func<string, string?> variable)
    {
        if (option is not null) return new(System.IO.Path.GetFullPath(option), $" --home {Quoting.ForShell(option)}");
        if (variable("FLOWGRAIN_HOME") is { Length: > 0 } set) return new(System.IO.Path.GetFullPath(set), "");
        var user = variable("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new(System.IO.Path.Combine(user, ".flowgrain"), "");
    }
}
