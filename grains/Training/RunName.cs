using System.Text.RegularExpressions;

namespace FlowGrain.Training;

/// <summary>Names of runs and models: they become folders, URLs and labels.</summary>
internal static partial class RunName
{
    /// <summary>Returns when the name can be used.</summary>
    /// <exception cref="BadInputException">It cannot.</exception>
    internal static void Require(string name)
    {
        if (!Allowed().IsMatch(name))
            throw new BadInputException($"'{name}' cannot name a run; take 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit.");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex Allowed();
}
