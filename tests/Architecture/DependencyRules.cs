using System.Xml.Linq;

namespace FlowGrain.Tests.Architecture;

/// <summary>Client → Contracts ← Grains → Flows → TorchSharp; Silo → Grains, Contracts; Cli → Client, Silo. Nothing else.</summary>
public sealed class DependencyRules
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["flows/FlowGrain.Flows.csproj"] = [],
        ["grains/Contracts/FlowGrain.Contracts.csproj"] = [],
        ["grains/FlowGrain.Grains.csproj"] = ["FlowGrain.Flows", "FlowGrain.Contracts"],
        ["silo/FlowGrain.Silo.csproj"] = ["FlowGrain.Grains", "FlowGrain.Contracts"],
        ["client/FlowGrain.Client.csproj"] = ["FlowGrain.Contracts"],
        ["client/Cli/FlowGrain.Cli.csproj"] = ["FlowGrain.Client", "FlowGrain.Silo"],
    };

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

    [Fact]
    public void Every_project_of_the_solution_is_ruled_here()
    {
        var ruled = Allowed.Keys.Concat(["tests/FlowGrain.Tests.csproj", "bench/FlowGrain.Bench.csproj"]);
        var found = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.StartsWith("artifacts", StringComparison.Ordinal));
        Assert.Equal(ruled.Order(), found.Order());
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants(kind).Select(item => item.Attribute("Include")!.Value);
}
