using System.Text.RegularExpressions;

namespace FlowGrain.Cli;

/// <summary>Text that a shell reads back as one word.</summary>
internal static partial class Quoting
{
    internal static string ForShell(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''")}'";

    [GeneratedRegex(@"^[\w./~@%+=:,-]+$")]
    private static partial Regex Plain();
}
