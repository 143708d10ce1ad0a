using FlowGrain.Cli;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Client.Commands;

public sealed class DetectCommandTests
{
    [Fact]
    public async Task Json_has_the_fields_of_the_contract_null_without_labels()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("detect", cli.Data, "--model", "zipcodes", "--json"));
        Assert.Equal(
            ["rows", "flagged", "threshold", "auroc", "averagePrecision", "referenceRate", "referenceRows", "unscored", "rowsPerSecond", "seconds", "out", "top"],
            cli.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, cli.Json.GetProperty("auroc").ValueKind);
    }

    [Fact]
    public async Task People_see_how_many_are_flagged_which_rows_are_worst_and_why()
    {
        using var cli = new TestCli(new() { Detected = Examples.Detection with { Ranking = new RankingReport(93, 3679, 0.987, 0.801) } });
        Assert.Equal(ExitCode.Ok, await cli.Run("detect", cli.Data, "--model", "zipcodes"));
        Assert.Contains("403 of 42,049 rows flagged by zipcodes@1: their score −log p is above 12.345, as that of 1% of 4,205 usual rows is", cli.Out);
        Assert.Contains("AUROC 0.987, average precision 0.801 over 93 anomalies and 3,679 other rows", cli.Out);
        Assert.Matches(@"3 +18\.200 +0\.00023776 +-66\.9 +18\.1", cli.Out);
        Assert.Contains("Why row 3:", cli.Out);
        Assert.Matches(@"latitude +18\.1 +-14\.500 +0\.004 +12\.250 +40\.1 +42\.5", cli.Out);
        Assert.Matches(@"longitude +-66\.9 +-∞ +∞ +∞ +– +–", cli.Out);
        Assert.DoesNotContain("Why row 0:", cli.Out);
    }

    [Fact]
    public async Task Its_options_come_to_the_job()
    {
        using var cli = new TestCli();
        await cli.Run("detect", cli.Data, "--model", "zipcodes", "--score", "latent-norm", "--rate", "0.001", "--label", "y", "--explain", "5", "--out", $"{cli.Folder}/alarms.parquet");
        Assert.Contains($"detect by zipcodes@1, LatentNorm, rate 0.001, threshold , label y, explain 5, into {cli.Folder}/alarms.parquet", cli.Cluster.Asked);
        await cli.Run("detect", cli.Data, "--model", "zipcodes", "--threshold", "-3.5");
        Assert.Contains("detect by zipcodes@1, LogProb, rate , threshold -3.5, label , explain 3, into nothing", cli.Cluster.Asked);
    }

    [Theory]
    [InlineData("--rate and --threshold both say which rows are flagged; give one of them.", "--rate", "0.1", "--threshold", "3")]
    [InlineData("--rate is 0; give a share above 0 and below 1, such as 0.01.", "--rate", "0")]
    [InlineData("--score is density; give log-prob, typicality or latent-norm.", "--score", "density")]
    [InlineData("--explain is 101; give a whole number from 0 to 100.", "--explain", "101")]
    [InlineData("--threshold is NaN; give a number.", "--threshold", "NaN")]
    public async Task Options_that_make_no_sense_are_refused(string sentence, params string[] options)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run(["detect", cli.Data, "--model", "zipcodes", .. options]));
        Assert.StartsWith(sentence, cli.Error);
        Assert.Empty(cli.Cluster.Asked);
    }

    [Fact]
    public async Task A_warning_is_said_beside_the_answer()
    {
        using var cli = new TestCli(new() { Warning = "All have the same 'y'." });
        await cli.Run("detect", cli.Data, "--model", "zipcodes", "--json");
        Assert.Equal("warning: All have the same 'y'.\n", cli.Error);
    }
}
