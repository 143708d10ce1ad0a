using FlowGrain.Cli;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Commands;

public sealed class VerifyCommandTests
{
    private static readonly VerificationReport Same = new("zipcodes", 1, 50, 1000, Equal: true, FirstDifferent: null, Finding: null);
    private static readonly VerificationReport Different = Same with { Rounds = 17, Equal = false, FirstDifferent = 17, Finding = "Round 17 of zipcodes@1 is not the same: its loss is 2, the record has 3." };

    [Fact]
    public async Task Equal_bits_are_a_sentence_that_says_how_to_replay_the_rest()
    {
        using var cli = new TestCli(new() { Verified = Same });
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "zipcodes"));
        Assert.Contains("50 rounds of the 1,000 of zipcodes@1 replayed: the same bits. ", cli.Out);
        Assert.Contains("verify zipcodes@1 --rounds all", cli.Out);
        Assert.Equal(["verify zipcodes@, 50 rounds"], cli.Cluster.Asked);
    }

    [Fact]
    public async Task All_of_them_too()
    {
        using var cli = new TestCli(new() { Verified = Same with { Rounds = 1000 } });
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "zipcodes@1", "--rounds", "all"));
        Assert.Equal("All 1,000 rounds of zipcodes@1 replayed: the same bits, and so are the published weights.", cli.Out.TrimEnd());
        Assert.Equal(["verify zipcodes@1, all rounds"], cli.Cluster.Asked);
    }

    [Fact]
    public async Task What_is_not_equal_is_named_and_the_exit_code_says_so()
    {
        using var cli = new TestCli(new() { Verified = Different });
        Assert.Equal(ExitCode.Failed, await cli.Run("verify", "zipcodes", "--rounds", "100"));
        Assert.Equal("17 rounds of zipcodes@1 replayed. Round 17 of zipcodes@1 is not the same: its loss is 2, the record has 3.", cli.Out.TrimEnd());
        Assert.Equal(ExitCode.Failed, await cli.Run("verify", "zipcodes", "--json"));
        Assert.Equal((17, false, 17), (cli.Json.GetProperty("rounds").GetInt32(), cli.Json.GetProperty("equal").GetBoolean(), cli.Json.GetProperty("firstDifferent").GetInt32()));
    }

    [Theory, InlineData("0"), InlineData("-1"), InlineData("some"), InlineData("1.5")]
    public async Task Rounds_are_a_number_or_all(string rounds)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("verify", "zipcodes", $"--rounds={rounds}"));
        Assert.StartsWith($"--rounds is {rounds}; give a whole number of at least 1, or all.\n", cli.Error);
    }

    [Fact]
    public async Task A_terminal_shows_how_far_it_is()
    {
        using var cli = new TestCli(new() { Readings = [new ReadingProgress(1_000, 12_300, 0.25)] }, new(OutIsTerminal: true, ErrorIsTerminal: true, Width: 100, Height: 40, FlowGrain.Cli.Output.ColorDepth.None));
        await cli.Run("verify", "zipcodes@1");
        Assert.StartsWith("replaying zipcodes@1: 25%, 12.3 kB, 1,000 rows, ", cli.Error);
    }
}
