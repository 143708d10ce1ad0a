using FlowGrain.Tests.Cluster;

namespace FlowGrain.Tests.Docs;

/// <summary>What docs/serving.md tells its reader to type works, in order and in one shell, with the silo that it starts.</summary>
public sealed class ServingDocument
{
    private const string Started = "dotnet run -c Release --project silo --";
    private const string Address = "127.0.0.1:8080";

    private readonly string _address = $"127.0.0.1:{Ports.Free()}";

    [Fact(Timeout = 120_000)]
    public async Task Every_command_works()
    {
        using var folder = new ReadersFolder();
        var (code, output, error) = await folder.RunInShell($"trap 'kill -9 $silo 2>/dev/null || true' EXIT\n{Script()}", TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"exit {code}: {error}\n{output}");
        Assert.Equal(3, output.Split("\"model_version\":\"1\"").Length - 1); // inferences, of a single model
        Assert.Equal("row,log_prob", folder.Lines("scores.csv")[0]);
    }

    [Fact]
    public async Task Without_the_key_its_silo_lets_nobody_in()
    {
        using var folder = new ReadersFolder();
        var asked = Script().Split("\n\n")[0] + $"\nFLOWGRAIN_API_KEY= ./flowgrain models --cluster http://{_address} && exit 9\nkill $silo";
        var (code, _, error) = await folder.RunInShell($"trap 'kill -9 $silo 2>/dev/null || true' EXIT\n{asked}", TestContext.Current.CancellationToken);
        Assert.True(code == 0, error);
    }

    /// <summary>The commands of the page, with the silo that was built with these tests and ports of their own.</summary>
    private string Script()
    {
        var blocks = Document.Read("docs/serving.md").Sections.SelectMany(section => section.Blocks).Where(block => block.Info == "sh elsewhere").Select(block => block.Text);
        var silo = $"dotnet '{RealProcess.Program("FlowGrain.Silo", "FlowGrain.Silo.dll")}' --Http:Urls=http://{_address} --Silo:Port={Ports.Free()} --Silo:GatewayPort={Ports.Free()}";
        var script = string.Join("\n\n", blocks);
        Assert.Contains(Started, script);
        return script.Replace(Started, silo, StringComparison.Ordinal).Replace(Address, _address, StringComparison.Ordinal);
    }
}
