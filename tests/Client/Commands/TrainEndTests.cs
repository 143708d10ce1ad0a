using FlowGrain.Cli;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Commands;

/// <summary>How <c>train</c> ends where it does not make all of its steps.</summary>
public sealed class TrainEndTests
{
    [Fact]
    public async Task A_run_that_ends_before_its_last_step_says_why()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Finished with { Step = 750 }], Outcome = Examples.Result with { Steps = 750, Epochs = 75 } });
        await cli.Run("train", cli.Data);
        Assert.Contains("Ended after 750 of 1,000 steps: 10 validations in a row brought nothing.\n", cli.Error);
        await cli.Run("train", cli.Data, "--epochs", "100", "--patience", "3");
        Assert.Contains("Ended after 750 of 1,000 steps: 3 validations in a row brought nothing.\n", cli.Error);
        await cli.Run("train", cli.Data, "--epochs", "100", "--patience", "1");
        Assert.Contains("Ended after 750 of 1,000 steps: 1 validation brought nothing.\n", cli.Error);
    }

    [Theory, InlineData("Ctrl+C"), InlineData("SIGTERM")]
    public async Task A_signal_stops_the_run_keeps_the_checkpoint_and_exits_130(string signal)
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training], Stopped = new(TaskCreationOptions.RunContinuationsAsynchronously) });
        await cli.Interrupt(signal);
        Assert.Equal(ExitCode.Interrupted, await cli.Run("train", cli.Data));
        Assert.Contains("stop your", cli.Cluster.Asked);
        Assert.Contains($"Stopping after the running round; {signal} again ends at once.", cli.Error);
        Assert.Contains($"Stopped by {signal} after step 400 of 1,000. The checkpoint is kept: the same command resumes it.", cli.Error);
    }

    [Fact]
    public async Task A_second_signal_ends_at_once_and_says_where_the_same_command_goes_on()
    {
        using var cli = new TestCli(new() { Listing = [Examples.Listing with { Run = "your", Step = 1350 }] });
        await cli.Run("train", cli.Data);
        await cli.Interrupt();
        await cli.Interrupt();
        Assert.Equal(["Ended at once: the same command goes on from step 1,350."], cli.Ended);
    }

    [Fact]
    public async Task A_run_that_failed_exits_1_with_its_sentence()
    {
        var failed = Examples.Training with { Phase = RunPhase.Failed, Failure = "The loss is no longer finite at step 401; lower --lr." };
        using var cli = new TestCli(new() { Updates = [failed] });
        Assert.Equal(ExitCode.Failed, await cli.Run("train", cli.Data, "--quiet"));
        Assert.Equal("The loss is no longer finite at step 401; lower --lr.", cli.Error.TrimEnd());
    }
}
