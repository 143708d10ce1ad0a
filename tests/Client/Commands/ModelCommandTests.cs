using FlowGrain.Cli;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Client.Commands;

public sealed class ModelCommandTests
{
    [Theory]
    [InlineData("models alias zipcodes@1 champion", "champion of zipcodes@1", "champion of zipcodes is version 1.")]
    [InlineData("models alias zipcodes champion --rollback", "roll back champion of zipcodes", "champion of zipcodes is version 1.")]
    [InlineData("models alias zipcodes champion --remove", "remove champion of zipcodes", "zipcodes has no alias champion.")]
    [InlineData("models traffic zipcodes --to challenger --share 5", "route zipcodes to TrafficRule { Alias = challenger, PerMille = 50, IsShadow = False }", "5% of the requests are answered by challenger.")]
    [InlineData("models traffic zipcodes --to challenger --share 100 --shadow", "route zipcodes to TrafficRule { Alias = challenger, PerMille = 1000, IsShadow = True }", "100% of the requests are computed by challenger too, beside the champion that answers them.")]
    [InlineData("models traffic zipcodes --off", "route zipcodes to ", "The champion of zipcodes, or its newest version where there is none, answers all requests.")]
    public async Task A_version_gets_a_name_or_requests_and_it_is_said(string command, string asked, string said)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run(command.Split(' ')));
        Assert.Equal([asked], cli.Cluster.Asked);
        Assert.Equal(said, cli.Out.Trim());
        Assert.Equal(ExitCode.Ok, await cli.Run([.. command.Split(' '), "--json"]));
        Assert.Equal(System.Text.Json.JsonValueKind.Object, cli.Json.ValueKind);
    }

    [Fact]
    public async Task The_history_of_the_aliases_is_listed_newest_first()
    {
        using var cli = new TestCli();
        cli.Cluster.Registered = cli.Cluster.Registered with { Traffic = new("challenger", 125, IsShadow: false), History = cli.Cluster.Registered.History.Add(new(new(2026, 3, 5, 0, 0, 0, TimeSpan.Zero), RegistryChangeKind.RolledBack) { Alias = "champion", Version = 1 }) };
        Assert.Equal(ExitCode.Ok, await cli.Run("models", "alias", "zipcodes"));
        var lines = cli.Out.Split('\n');
        Assert.Equal(["champion     zipcodes@1", "12.5% of the requests are answered by challenger."], lines[..2].Select(line => line.TrimEnd()));
        Assert.True(Array.FindIndex(lines, line => line.Contains("rolled back to version 1", StringComparison.Ordinal)) < Array.FindIndex(lines, line => line.Contains("champion is version 1", StringComparison.Ordinal) && line.Contains("ops", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("models alias zipcodes --rollback", "--rollback needs the alias")]
    [InlineData("models alias zipcodes champion --rollback --remove", "--rollback and --remove do not go together")]
    [InlineData("models alias zipcodes@1 champion --rollback", "'zipcodes@1' names a version; give the model alone here: zipcodes.")]
    [InlineData("models alias zipcodes@1 3", "'3' cannot be an alias")]
    [InlineData("models traffic zipcodes --to challenger", "--to and --share go together")]
    [InlineData("models traffic zipcodes --to challenger --share 0", "--share is 0; give 0.1 to 100, in percent.")]
    [InlineData("models traffic zipcodes --off --shadow", "--off stands alone")]
    [InlineData("models import nowhere.zip", "'nowhere.zip' is not there; name an archive that 'flowgrain models export' wrote.")]
    [InlineData("models import flow.npz --from nflows", "--from and --spec go together")]
    [InlineData("models import flow.npz --from torch --spec a.json", "--from is 'torch'; give nflows or zuko.")]
    [InlineData("models import nowhere.npz --from nflows --spec a.json", "nowhere.npz' cannot be read")]
    [InlineData("models export zipcodes --to zuko --out a.zip", "--to writes a state dict; end --out in .npz or .safetensors.")]
    [InlineData("models export zipcodes --out a.npz", "A state dict needs --to with the library")]
    public async Task What_does_not_go_together_is_refused_with_a_sentence(string command, string sentence)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run(command.Split(' ')));
        Assert.Contains(sentence, cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Cluster.Asked);
    }

    [Fact]
    public async Task An_export_says_where_it_is()
    {
        using var cli = new TestCli();
        var path = Path.Combine(cli.Folder, "out.zip");
        Assert.Equal(ExitCode.Ok, await cli.Run("models", "export", "zipcodes", "--out", path, "--json"));
        Assert.Equal((path, 7), (cli.Json.GetProperty("out").GetString(), cli.Json.GetProperty("bytes").GetInt32()));
    }

    [Fact]
    public async Task A_state_dict_becomes_a_version_of_the_model_that_is_named()
    {
        using var cli = new TestCli(new FakeCluster { Published = [Examples.Model with { WeightsSha256 = new string('a', 64) }] });
        var example = Path.Combine(Repository.Root, "docs", "import", "realnvp");
        Assert.Equal(ExitCode.Ok, await cli.Run("models", "import", $"{example}.npz", "--from", "nflows", "--spec", $"{example}.json", "--name", "mine"));
        Assert.Equal(["import mine"], cli.Cluster.Asked);
        Assert.Contains("as nflows had them", cli.Out);
    }
}
