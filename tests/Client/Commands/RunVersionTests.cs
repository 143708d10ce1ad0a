using FlowGrain.Cli;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Commands;

/// <summary>A run that has several versions.</summary>
public sealed class RunVersionTests
{
    private static readonly RunListing First = Examples.Listing with { Phase = RunPhase.Stopped, Step = 151, Steps = 500, ValidationNll = 7.5 };
    private static readonly RunListing Second = Examples.Listing with { Version = 2, Result = Examples.Result with { Version = 2 }, IsPublished = true };

    private static FakeCluster Cluster => new() { Listing = [Second, First], Updates = [Examples.Finished with { Version = 2 }] };

    [Theory]
    [InlineData("zipcodes", "zipcodes@2: finished, 1,000/1,000 steps 100%")]
    [InlineData("zipcodes@2", "zipcodes@2: finished, 1,000/1,000 steps 100%")]
    [InlineData("zipcodes@1", "zipcodes@1: stopped, 151/500 steps 30%\ntrain –  validation – (best 7.500)")]
    public async Task Each_is_shown_by_its_number_and_the_newest_without_one(string run, string words)
    {
        using var cli = new TestCli(Cluster);
        Assert.Equal(ExitCode.Ok, await cli.Run("runs", "show", run));
        Assert.StartsWith(words + "\n", cli.Out);
    }

    [Fact]
    public async Task The_losses_of_a_finished_version_are_those_of_its_model()
    {
        using var cli = new TestCli(new() { Listing = [Second, First with { Phase = RunPhase.Finished, Result = Examples.Result, IsPublished = true }] });
        await cli.Run("runs", "show", "zipcodes@1");
        Assert.Equal(["losses of zipcodes@1"], cli.Cluster.Asked);
        Assert.Contains("▁", cli.Out);
    }

    [Theory]
    [InlineData("zipcodes@3", "Run 'zipcodes' has no version 3; it has 1, 2.")]
    [InlineData("price", "There is no run 'price'; there are zipcodes.")] // every name once
    [InlineData("zipcodes@x", "'zipcodes@x' does not name a run; give RUN or RUN@VERSION, such as zipcodes@1.")]
    public async Task One_that_is_not_there_is_answered_with_those_that_are(string run, string sentence)
    {
        using var cli = new TestCli(Cluster);
        Assert.Equal(ExitCode.Usage, await cli.Run("runs", "show", run));
        Assert.StartsWith(sentence + "\n", cli.Error);
    }

    [Fact]
    public async Task Deleting_the_run_counts_what_went_with_it()
    {
        using var cli = new TestCli(Cluster);
        await cli.Run("runs", "delete", "zipcodes");
        Assert.Equal("Run zipcodes is deleted with the journal and checkpoints of 2 versions; its models stay.", cli.Out.TrimEnd());
        await cli.Run("runs", "delete", "zipcodes", "--json");
        Assert.Equal(2, cli.Json.GetProperty("versions").GetInt32());
    }

    [Theory]
    [InlineData(false, "Its model was deleted; the command that trained it publishes it again.")]
    [InlineData(true, "run.json is damaged")]
    public async Task A_run_whose_model_was_deleted_or_damaged_is_still_shown(bool isPublished, string words)
    {
        using var cli = new TestCli(new() { Listing = [Second with { IsPublished = isPublished }], Updates = [Examples.Finished with { Version = 2 }], Lost = new BadInputException("run.json is damaged") });
        Assert.Equal(ExitCode.Ok, await cli.Run("runs", "show", "zipcodes"));
        Assert.Contains($"\n{words}\n", cli.Out);
        Assert.Contains("the flow gains 0.900 nats per row", cli.Out);
    }

    [Fact]
    public async Task A_run_that_ended_early_says_so()
    {
        using var cli = new TestCli(new() { Listing = [Second with { Step = 500, Result = Second.Result! with { Steps = 500, Epochs = 50 } }], Updates = [Examples.Finished with { Version = 2, Step = 500 }] });
        await cli.Run("runs", "show", "zipcodes");
        Assert.Contains("\nEnded after 500 of 1,000 steps: validations in a row brought nothing.\n", cli.Out);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_watching_and_not_the_run()
    {
        using var cli = new TestCli(new() { Listing = [First], Updates = [Examples.Training], Stopped = new() });
        await cli.Interrupt();
        Assert.Equal(ExitCode.Interrupted, await cli.Run("runs", "watch", "zipcodes", "--quiet"));
        Assert.Equal("Ctrl+C ended the watching alone; zipcodes goes on.", cli.Error.TrimEnd());
        Assert.DoesNotContain("stop zipcodes", cli.Cluster.Asked);
    }
}
