using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Commands;

/// <summary>What <c>train</c> says while it goes on.</summary>
public sealed class TrainProgressTests
{
    [Fact]
    public async Task Other_options_under_a_name_say_which_version_they_train_and_where_the_last_one_stands()
    {
        var listing = Examples.Listing with { Phase = RunPhase.Stopped, Step = 151, Steps = 500 };
        using var other = new TestCli(new() { Listing = [listing], Updates = [Examples.Training with { Version = 2, Step = 0 }, Examples.Finished with { Version = 2 }] });
        await other.Run("train", other.Data);
        Assert.Contains("These options, or the data, are not those of zipcodes@1, so they train zipcodes@2; zipcodes@1 stands at step 151 of 500 and goes on with its own.\n", other.Error);
        using var same = new TestCli(new() { Listing = [listing] });
        await same.Run("train", same.Data);
        Assert.DoesNotContain("These options", same.Error);
    }

    [Fact]
    public async Task Figures_that_are_not_there_yet_are_dashes()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training with { Step = 0, RowsPerSecond = 0, TrainNats = double.NaN, ValidationNats = double.NaN, BestValidationNats = double.NaN }, Examples.Finished] });
        await cli.Run("train", cli.Data);
        Assert.Contains("zipcodes: 0/1,000 steps 0%  –  train –  validation – (best –)  0:08 elapsed\n", cli.Error);
    }

    [Fact]
    public async Task A_run_that_another_silo_leads_on_says_from_where_and_its_time_goes_on()
    {
        var (lost, resumed) = (Examples.Training with { Seconds = double.NaN, ResumedAtStep = null, Phase = RunPhase.Preparing }, Examples.Training with { Step = 300, Seconds = 2, ResumedAtStep = 300 });
        using var cli = new TestCli(new() { Updates = [Examples.Training, lost, resumed, resumed with { Phase = RunPhase.Publishing }, Examples.Finished] });
        await cli.Run("train", cli.Data);
        Assert.Contains("zipcodes: the silo that led it went away; it goes on from step 300.\nzipcodes: 300/1,000 steps 30%", cli.Error);
        Assert.Equal(2, cli.Error.Split("0:08 elapsed").Length - 1);
    }

    [Theory]
    [InlineData("--steps 20 --mode local --inner-steps 50", "--steps 20 trains 50 steps: workers that meet every 50 steps end with a meeting.")]
    [InlineData("--steps 101 --mode diloco", "--steps 101 trains 150 steps: workers that meet every 50 steps end with a meeting.")]
    [InlineData("--steps 100 --mode local", null)]
    [InlineData("--steps 20", null)]
    [InlineData("--epochs 3 --mode local", null)]
    public async Task Steps_that_are_rounded_up_to_whole_meetings_are_said(string options, string? sentence)
    {
        using var cli = new TestCli();
        await cli.Run(["train", cli.Data, .. options.Split(' ')]);
        Assert.Equal(sentence is not null, cli.Error.Contains("end with a meeting", StringComparison.Ordinal));
        Assert.Contains(sentence ?? "", cli.Error);
    }

    [Fact]
    public async Task Quiet_says_nothing_on_stderr()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training, Examples.Finished] });
        await cli.Run("train", cli.Data, "--quiet");
        Assert.Empty(cli.Error);
    }

    [Fact]
    public async Task Without_a_terminal_progress_comes_as_plain_lines()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training, Examples.Finished] });
        await cli.Run("train", cli.Data);
        Assert.Contains("zipcodes: 400/1,000 steps 40%  182.3k rows/s  train 6.910  validation 6.950 (best 6.940)  0:08 elapsed\n", cli.Error);
        Assert.DoesNotContain('\e', cli.Error);
    }

    [Fact]
    public async Task A_terminal_shows_the_bar_in_place()
    {
        using var cli = new TestCli(
            new() { Updates = [Examples.Training, Examples.Finished] },
            new(OutIsTerminal: true, ErrorIsTerminal: true, Width: 100, Height: 40, FlowGrain.Cli.Output.ColorDepth.True));
        await cli.Run("train", cli.Data);
        Assert.Contains("━", cli.Error);
        Assert.Contains("400/1,000 steps 40%", cli.Error);
        Assert.Contains('\e', cli.Error);
    }
}
