using System.Runtime.CompilerServices;

namespace FlowGrain.Tests;

/// <summary>Where the checkout under test lies.</summary>
internal static class Repository
{
    internal static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));

    /// <summary>All that was written by hand in C#.</summary>
    internal static IEnumerable<string> Sources() => Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(Root, path).StartsWith("artifacts", StringComparison.Ordinal));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
