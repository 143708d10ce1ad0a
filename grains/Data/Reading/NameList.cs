namespace FlowGrain.Data;

/// <summary>Lists names inside a sentence.</summary>
internal static class NameList
{
    private const int Shown = 12;        // a sentence with more names is not read
    private const int ShownLetters = 48; // nor one with endless names

    /// <summary>"a, b, c", with the tail of a long list counted: "… and 12 more".</summary>
    internal static string Of(IReadOnlyCollection<string> names) => Of(names, Short);

    /// <summary>"'a', 'b', 'c'".</summary>
    internal static string Quoted(IReadOnlyCollection<string> names) => Of(names, Quoted);

    /// <summary>Things in words of the caller's; the words are asked for only where they are shown.</summary>
    internal static string Of<T>(IReadOnlyCollection<T> things, Func<T, string> words) =>
        string.Join(", ", things.Take(Shown).Select(words)) + (things.Count > Shown ? $" and {things.Count - Shown} more" : "");

    /// <summary>"'a'", its end left out where it is endless.</summary>
    internal static string Quoted(string name) => $"'{Short(name)}'";

    private static string Short(string name) => name.Length <= ShownLetters ? name : $"{name[..ShownLetters]}…";
}
