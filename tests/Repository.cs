using System.Runtime.CompilerServices;

namespace FlowGrain.Tests;

/// <summary>Where the checkout under test lies.</summary>
internal static class Repository
{
    internal static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
