using System.Diagnostics;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace FlowGrain.Tests.Deploy;

/// <summary>The files of deploy/, and the programs that judge them.</summary>
internal static partial class Deployment
{
    /// <summary>The version of the project, which its images have too.</summary>
    internal static string Release { get; } = VersionElement().Match(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"))).Groups[1].Value;

    /// <summary>A path below the root of the repository.</summary>
    internal static string In(string path) => Path.Combine(Repository.Root, path);

    /// <summary>A document of YAML.</summary>
    internal static YamlMappingNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    /// <summary>The items of a list, or of nothing.</summary>
    internal static IEnumerable<YamlNode> Items(this YamlNode node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(name, out var list) ? ((YamlSequenceNode)list).Children : [];

    /// <summary>The entries of a map, or of nothing.</summary>
    internal static Dictionary<string, YamlNode> Entries(this YamlNode node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(name, out var entries) ? ((YamlMappingNode)entries).Children.ToDictionary(entry => $"{entry.Key}", entry => entry.Value) : [];

    /// <summary>Whether health, metrics or the API have such a path.</summary>
    internal static bool IsHealthPath(string? path) => File.ReadAllText(In("silo/HealthEndpoints.cs")).Contains($"MapGet(\"{path}\"", StringComparison.Ordinal);

    /// <summary>Whether an image has a version of its own, and not whatever is the latest.</summary>
    internal static bool IsPinned(string image) => image.Split(':') is [_, var tag] && tag != "latest";

    /// <summary>What a program that ends well says.</summary>
    internal static async Task<string> Run(string folder, string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', words)} ends with {process.ExitCode}: {await output}{await errors}");
        return await output;
    }

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex VersionElement();
}
