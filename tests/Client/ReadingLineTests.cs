using FlowGrain.Cli.Output;
using FlowGrain.Data;

namespace FlowGrain.Tests.Client;

/// <summary>How far a command is with a large file.</summary>
public sealed class ReadingLineTests
{
    private static readonly Terminal Screen = new(OutIsTerminal: true, ErrorIsTerminal: true, Width: 100, Height: 40, ColorDepth.None);

    private static readonly List<ReadingProgress> Readings = [new(1_000, 12_300, 0.25), new(1_234_567, 1_200_000_000, 0.5)];

    [Theory]
    [InlineData("train", "reading")]
    [InlineData("data inspect", "reading")]
    [InlineData("score --model zipcodes", "scoring")]
    [InlineData("evaluate --model zipcodes", "measuring")]
    public async Task A_terminal_shows_it_in_place_and_takes_it_away(string command, string verb)
    {
        using var cli = new TestCli(new() { Readings = Readings }, Screen);
        await cli.Run([.. command.Split(' '), cli.Data]);
        Assert.StartsWith($"{verb} your.csv: 25%, 12.3 kB, 1,000 rows, ", cli.Error);
        Assert.Contains($"\r\e[1A\e[J{verb} your.csv: 50%, 1.2 GB, 1,234,567 rows, ", cli.Error);
        Assert.Contains(" rows/s\n\r\e[1A\e[J", cli.Error);
    }

    [Theory, InlineData("train"), InlineData("data inspect")]
    public async Task What_is_read_in_a_moment_is_not_spoken_of_elsewhere(string command)
    {
        using var cli = new TestCli(new() { Readings = Readings });
        await cli.Run([.. command.Split(' '), cli.Data]);
        Assert.DoesNotContain("reading", cli.Error);
    }

    [Fact]
    public async Task Quiet_hides_it()
    {
        using var cli = new TestCli(new() { Readings = Readings }, Screen);
        await cli.Run("data", "inspect", cli.Data, "--quiet");
        Assert.Empty(cli.Error);
    }
}
