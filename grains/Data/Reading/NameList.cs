namespace FlowGrain.Data;

/// <summary>Lists names inside a sentence.</summary>
internal static class NameList
{
    private const int Shown = 12;        // a sentence with more names is not read
    private const int ShownLetters = 48; // nor one with endless names

    /// <summary>"a, b, c", with the tail of a long list counted: "… and 12 more".</summary>
    internal static string Of(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Shown).Select(Short)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");

    /// <summary>"'a', 'b', 'c'".</summary>
    internal static string Quoted(IReadOnlyCollection<string> names) => Of([.. names.Select(name => $"'{name}'")]);

    private static string Short(string name) => name.Length <= ShownLetters ? name : $"{name[..ShownLetters]}…";
}
