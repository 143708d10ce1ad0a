using System.Text.Json;
using System.Xml.Linq;

namespace FlowGrain.Tests.Architecture;

/// <summary>Client → Contracts ← Grains → Flows → TorchSharp; Silo → Grains, Contracts; Cli → Client, Silo; Example → Client. Nothing else.</summary>
public sealed class DependencyRules
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["flows/FlowGrain.Flows.csproj"] = [],
        ["grains/Contracts/FlowGrain.Contracts.csproj"] = [],
        ["grains/FlowGrain.Grains.csproj"] = ["FlowGrain.Flows", "FlowGrain.Contracts"],
        ["silo/FlowGrain.Silo.csproj"] = ["FlowGrain.Grains", "FlowGrain.Contracts"],
        ["client/FlowGrain.Client.csproj"] = ["FlowGrain.Contracts"],
        ["client/Example/FlowGrain.Client.Example.csproj"] = ["FlowGrain.Client"],
        ["client/Cli/FlowGrain.Cli.csproj"] = ["FlowGrain.Client", "FlowGrain.Silo"],
    };

    /// <summary>What a project must not reach, not even through what it references: beginnings of names.</summary>
    private static readonly Dictionary<string, string[]> Unreachable = new()
    {
        ["FlowGrain.Flows"] = ["FlowGrain.", "Microsoft.Orleans", "Microsoft.Extensions", "Microsoft.AspNetCore"],
        ["FlowGrain.Contracts"] = ["FlowGrain.", "TorchSharp", "libtorch", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Server"],
        ["FlowGrain.Client"] = ["FlowGrain.Flows", "FlowGrain.Grains", "FlowGrain.Silo", "TorchSharp", "libtorch", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Server"],
        ["FlowGrain.Grains"] = ["FlowGrain.Client", "FlowGrain.Silo", "FlowGrain.Cli", "OpenTelemetry", "System.CommandLine", "Spectre.Console", "ScottPlot"],
        ["FlowGrain.Silo"] = ["FlowGrain.Client", "FlowGrain.Cli", "System.CommandLine", "Spectre.Console", "ScottPlot"],
    };

    public static TheoryData<string> Layers => [.. Unreachable.Keys];

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_design_allows(string project)
    {
        var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));
        Assert.Equal(Allowed[project].Order(), references.Order());
    }

    [Theory, MemberData(nameof(Projects))]
    public void Only_the_flows_reference_torch(string project)
    {
        var torch = Items(project, "PackageReference").Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(project == "flows/FlowGrain.Flows.csproj", torch.Any());
    }

    [Theory, MemberData(nameof(Layers))]
    public void A_project_does_not_reach_what_is_above_it_through_others(string project)
    {
        var reached = Reached(project);
        Assert.NotEmpty(reached);
        Assert.DoesNotContain(reached, name => Unreachable[project].Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void What_is_reached_through_others_is_seen()
    {
        Assert.Contains("SkiaSharp", Reached("FlowGrain.Flows")); // through TorchSharp
        Assert.Contains("FlowGrain.Contracts", Reached("FlowGrain.Cli")); // through silo and client
    }

    [Fact]
    public void Every_project_of_the_solution_is_ruled_here()
    {
        var ruled = Allowed.Keys.Concat(["tests/FlowGrain.Tests.csproj", "bench/FlowGrain.Bench.csproj"]);
        var found = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.StartsWith("artifacts", StringComparison.Ordinal));
        Assert.Equal(ruled.Order(), found.Order());
    }

    /// <summary>All packages and projects behind a project, as its last restore resolved them.</summary>
    private static HashSet<string> Reached(string project)
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "artifacts", "obj", project, "project.assets.json")));
        return [.. assets.RootElement.GetProperty("targets").EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Select(library => library.Name.Split('/')[0])];
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants(kind).Select(item => item.Attribute("Include")!.Value);
}
