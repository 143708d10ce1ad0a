using FlowGrain.Cli;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Commands;

public sealed class RunWaitCommandTests
{
    [Theory]
    [InlineData("", RunPhase.Finished)]
    [InlineData("--for finished", RunPhase.Finished)]
    [InlineData("--for stopped", RunPhase.Stopped)]
    [InlineData("--for failed", RunPhase.Failed)]
    public async Task A_run_that_ends_as_asked_exits_0_and_says_where_it_came_to(string option, RunPhase end)
    {
        using var cli = new TestCli(Ending(end));
        Assert.Equal(ExitCode.Ok, await Wait(cli, option));
        Assert.Equal($"zipcodes@1: {end.ToString().ToLowerInvariant()}, 400/1,000 steps 40%, best validation 6.940\n", cli.Out);
        Assert.Equal(ExitCode.Ok, await Wait(cli, $"{option} --json"));
        Assert.Equal(400, cli.Json.GetProperty("step").GetInt32());
    }

    [Theory]
    [InlineData("", RunPhase.Stopped, null, "zipcodes is stopped and not finished, 400/1,000 steps 40%.")]
    [InlineData("", RunPhase.Failed, "The loss is no longer finite.", "zipcodes is failed and not finished, 400/1,000 steps 40%: The loss is no longer finite.")]
    [InlineData("--for stopped", RunPhase.Finished, null, "zipcodes is finished and not stopped, 400/1,000 steps 40%.")]
    public async Task A_run_that_ends_otherwise_exits_1_and_says_how(string option, RunPhase end, string? failure, string sentence)
    {
        using var cli = new TestCli(Ending(end, failure));
        Assert.Equal(ExitCode.Failed, await Wait(cli, option));
        Assert.Equal(("", sentence + "\n"), (cli.Out, cli.Error));
    }

    [Fact]
    public async Task When_the_time_is_over_it_exits_1_and_leaves_the_run_alone()
    {
        using var cli = new TestCli(new() { Listing = [Examples.Listing], Updates = [Examples.Training], Stopped = new() });
        var waiting = Wait(cli, "--timeout 10m");
        cli.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.False(waiting.IsCompleted);
        cli.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ExitCode.Failed, await waiting);
        Assert.Equal("zipcodes is still training after 10:00, 400/1,000 steps 40%; wait longer with --timeout.\n", cli.Error);
        Assert.Empty(cli.Cluster.Asked);
    }

    [Theory]
    [InlineData("--for done", "--for is done; give finished, stopped or failed.")]
    [InlineData("--for finishd", "--for is finishd; did you mean finished?")]
    [InlineData("--timeout 10", "--timeout is 10; give a time such as 90s, 10m or 2h, at most 720h.")]
    [InlineData("--timeout 0s", "--timeout is 0s; give a time such as 90s, 10m or 2h, at most 720h.")]
    [InlineData("--timeout -1m", "--timeout is -1m; give a time such as 90s, 10m or 2h, at most 720h.")]
    [InlineData("--timeout 800h", "--timeout is 800h; give a time such as 90s, 10m or 2h, at most 720h.")]
    public async Task A_fault_is_one_sentence(string option, string sentence)
    {
        using var cli = new TestCli(Ending(RunPhase.Finished));
        Assert.Equal(ExitCode.Usage, await Wait(cli, option));
        Assert.StartsWith(sentence + "\n", cli.Error);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_not_waited_for()
    {
        using var cli = new TestCli(new() { Listing = [] });
        Assert.Equal(ExitCode.Usage, await Wait(cli, ""));
    }

    private static FakeCluster Ending(RunPhase end, string? failure = null) =>
        new() { Listing = [Examples.Listing], Updates = [Examples.Training, Examples.Training with { Phase = end, Failure = failure }] };

    private static Task<int> Wait(TestCli cli, string options) => cli.Run(["runs", "wait", "zipcodes", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
