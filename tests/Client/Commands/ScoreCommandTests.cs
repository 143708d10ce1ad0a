using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.Commands;

public sealed class ScoreCommandTests
{
    [Fact]
    public async Task Json_has_the_fields_of_the_contract_and_the_least_likely_rows()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("score", cli.Data, "--model", "zipcodes", "--json"));
        Assert.Equal(["rows", "meanLogProb", "nonFinite", "rowsPerSecond", "seconds", "out", "leastLikely", "scoredBefore", "estimate"], cli.Json.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task The_newest_version_is_pinned_before_scoring()
    {
        using var cli = new TestCli();
        await cli.Run("score", cli.Data, "--model", "zipcodes");
        Assert.Contains("score zipcodes@1 into nothing", cli.Cluster.Asked);
    }

    [Fact]
    public async Task People_see_the_least_likely_rows()
    {
        using var cli = new TestCli();
        await cli.Run("score", cli.Data, "--model", "zipcodes");
        Assert.Contains("42,049 rows scored by zipcodes@1: mean log-density -6.900 nats", cli.Out);
        Assert.Contains("-18.200", cli.Out);
        Assert.DoesNotContain('\e', cli.Out);
    }

    [Fact]
    public async Task The_least_likely_rows_of_a_conditional_model_have_its_context()
    {
        using var cli = new TestCli(new() { Published = [Examples.Conditional] });
        await cli.Run("score", cli.Data, "--model", "prices");
        Assert.Matches(@"row +log-density +price +carat", cli.Out);
    }

    [Theory, InlineData("score"), InlineData("evaluate")]
    public async Task What_its_reader_should_look_at_is_said_beside_the_answer(string command)
    {
        using var cli = new TestCli(new() { Warning = "'new.csv' has no names of columns." });
        Assert.Equal(ExitCode.Ok, await cli.Run(command, cli.Data, "--model", "zipcodes", "--json"));
        Assert.Equal("warning: 'new.csv' has no names of columns.\n", cli.Error);
        Assert.True(cli.Json.GetProperty("rows").GetInt64() > 0);
    }

    [Fact]
    public async Task An_unknown_model_exits_2()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("score", cli.Data, "--model", "never"));
    }

    [Fact]
    public async Task Carried_columns_and_a_folder_of_parts_come_to_the_job()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("score", cli.Data, "--model", "zipcodes", "--out", $"{cli.Folder}/scores.parquet/", "--carry", "a,b"));
        Assert.Contains($"score zipcodes@1 into {cli.Folder}/scores.parquet/ with a, b", cli.Cluster.Asked);
    }

    [Theory, InlineData("scores/"), InlineData("scores.xlsx/")]
    public async Task A_folder_of_parts_has_an_extension_that_says_their_format(string name)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("score", cli.Data, "--model", "zipcodes", "--out", $"{cli.Folder}/{name}"));
        Assert.Contains(".csv, .parquet or .npy", cli.Error);
    }

    [Fact]
    public async Task Rows_that_an_interrupted_attempt_had_scored_are_said()
    {
        using var cli = new TestCli(new() { Scores = Examples.Scores with { ScoredBefore = 262_144 } });
        await cli.Run("score", cli.Data, "--model", "zipcodes");
        Assert.Contains("262,144 rows of them had been scored before it was interrupted", cli.Out);
    }

    [Fact]
    public async Task A_row_that_cannot_be_has_minus_infinity_in_the_table()
    {
        using var cli = new TestCli(new() { Scores = Examples.Scores with { LeastLikely = [new(7, double.NegativeInfinity, [1e39, 2])] } });
        await cli.Run("score", cli.Data, "--model", "zipcodes");
        Assert.Matches(@"7 +-∞ ", cli.Out);
    }

    [Fact]
    public async Task Estimates_of_bins_are_called_so()
    {
        using var cli = new TestCli(new() { Scores = Examples.Scores with { Estimate = "log P(bin), estimated by the mean density of 16 draws a row" } });
        await cli.Run("score", cli.Data, "--model", "zipcodes", "--dequantise-draws", "16");
        Assert.Contains("score zipcodes@1 into nothing by 16 draws", cli.Cluster.Asked);
        Assert.Contains("mean log P(bin) -6.900 nats", cli.Out);
        Assert.Contains("Every figure is an estimate: log P(bin), estimated by the mean density of 16 draws a row.", cli.Out);
        Assert.DoesNotContain("log-density", cli.Out);
    }

    [Theory]
    [InlineData("0", "--dequantise-draws is 0; give a whole number from 1 to 1024.")]
    [InlineData("2000", "--dequantise-draws is 2000; give a whole number from 1 to 1024.")]
    public async Task So_many_draws_cannot_be(string draws, string sentence)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("score", cli.Data, "--model", "zipcodes", "--dequantise-draws", draws));
        Assert.StartsWith(sentence, cli.Error);
    }

    [Fact]
    public async Task A_bin_has_no_single_place_in_the_base()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("score", cli.Data, "--model", "zipcodes", "--latent", "--out", "z.csv", "--dequantise-draws", "4"));
        Assert.StartsWith("--latent asks where a row lies in the base, and with --dequantise-draws its bin lies in many places", cli.Error);
    }

    [Fact]
    public async Task Latent_needs_a_file()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("score", cli.Data, "--model", "zipcodes", "--latent"));
        Assert.StartsWith("--latent needs a file to write to; add --out FILE.", cli.Error);
    }
}
