using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.Commands;

/// <summary>Commands with <c>--cluster</c>.</summary>
public sealed class RemoteTests
{
    private const string Silo = "http://silo:8080";

    [Fact]
    public async Task A_command_works_on_the_cluster_that_is_named_and_suggests_it()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("train", cli.Data, "--cluster", Silo));
        Assert.Equal([new Uri(Silo)], cli.Reached);
        Assert.Contains($"--cluster {Silo}", cli.Error);
        Assert.DoesNotContain("--home", cli.Error);
    }

    [Fact]
    public async Task A_full_path_that_is_not_here_is_left_to_the_silos()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("train", "/nowhere/here.csv", "--cluster", Silo));
        Assert.Equal("/nowhere/here.csv", cli.Cluster.Plan!.Data.Path);
        Assert.Equal(ExitCode.Usage, await cli.Run("train", "nowhere.csv", "--cluster", Silo));
        Assert.Equal(ExitCode.Usage, await cli.Run("train", "/nowhere/here.csv"));
    }

    [Fact]
    public async Task Scores_never_take_the_place_of_what_they_are_made_from()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("score", cli.Data, "--model", "zipcodes", "--out", cli.Data, "--cluster", Silo));
        Assert.Contains("would destroy it", cli.Error);
    }

    [Theory, InlineData("silo:8080"), InlineData("ftp://silo"), InlineData("8080")]
    public async Task An_address_that_is_none_is_refused(string address)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("runs", "--cluster", address));
        Assert.Contains("http://127.0.0.1:8080", cli.Error);
    }

    [Fact]
    public async Task Nothing_there_is_said_of_the_cluster()
    {
        using var cli = new TestCli(new() { Published = [] });
        await cli.Run("models", "--cluster", Silo);
        Assert.Contains($"in the cluster of {Silo}", cli.Out);
    }

    [Fact]
    public async Task Doctor_looks_at_it_too()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("doctor", "--cluster", Silo));
        Assert.Contains($"{Silo} answers", cli.Out);
        Assert.Equal(cli.Home, cli.CheckedHome);
        Assert.Equal(ExitCode.Ok, await CommandLine.Run(["doctor", "--cluster", Silo], cli.Host()));
        Assert.Null(cli.CheckedHome); // the default one is nothing to the cluster
    }

    [Fact]
    public async Task A_second_signal_says_who_knows_whether_the_run_has_stopped()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--name", "pa", "--cluster", Silo);
        await cli.Interrupt();
        await cli.Interrupt();
        Assert.Equal([$"Ended at once; the cluster was asked to stop pa, and 'flowgrain runs show pa --cluster {Silo}' says whether it has."], cli.Ended);
    }

    [Fact]
    public async Task Up_is_a_cluster_of_its_own()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("up", "--cluster", Silo));
        Assert.Contains("leave --cluster out", cli.Error);
    }
}
