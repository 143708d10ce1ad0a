namespace FlowGrain.Cli.Up;

/// <summary>Programs of this machine.</summary>
internal static class Programs
{
    /// <summary>Where a program lies on the PATH; null where it does not.</summary>
    internal static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The dotnet that runs this program, where one does.</summary>
    internal static string Dotnet => Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
}
