using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Docs;

/// <summary>What docs/api.md tells its reader to type works, in order and in one shell, on a silo.</summary>
public sealed class ApiDocument(OneSilo silo) : IClassFixture<OneSilo>
{
    private const string Documented = "http://127.0.0.1:8080";

    [Fact]
    public async Task Every_command_works()
    {
        using var folder = new ReadersFolder();
        var blocks = Document.Read("docs/api.md").Sections.SelectMany(section => section.Blocks).Where(block => block.Info == "sh elsewhere");
        var script = string.Concat(blocks.Select(block => block.Text + "\n")).Replace(Documented, silo.Url.GetLeftPart(UriPartial.Authority));
        var (code, output, error) = await folder.RunInShell(script, TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"exit {code}: {error}\n{output}");
        Assert.Contains("\"phase\":\"finished\"", output);
        Assert.Contains("\"weightsSha256\":", output);
        Assert.Equal(["row,log_prob", "251 lines", "20 bytes", "1000000 lines"], [folder.Lines("scores.csv")[0], $"{folder.Lines("scores.csv").Length} lines", $"{folder.Length("densities.bin")} bytes", $"{folder.Lines("samples.ndjson").Length} lines"]);
    }
}
