using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.Commands;

public sealed class PlotCommandTests
{
    [Theory]
    [InlineData("zipcodes", "density", "")]
    [InlineData("zipcodes", "loss", "")]
    [InlineData("zipcodes", "pairs", "")]
    [InlineData("wide", "density", "--columns d,b")]
    [InlineData("wide", "density", "--columns c")]
    [InlineData("prices", "density", "--given carat=1")]
    public async Task Every_kind_is_drawn_as_a_png_and_in_the_terminal(string model, string kind, string options)
    {
        using var cli = new TestCli(new() { Published = [Examples.Model, Examples.Wide, Examples.Conditional] });
        var path = Path.Combine(cli.Folder, "p.png");
        string[] args = ["plot", "--model", model, "--kind", kind, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(ExitCode.Ok, await cli.Run([.. args, "--out", path, "--json"]));
        Assert.Equal(path, cli.Json.GetProperty("out").GetString());
        Assert.True(new FileInfo(path).Length > 10_000);
        Assert.Equal(ExitCode.Ok, await cli.Run(args));
        Assert.Contains($"{model}@1 (nsf): validation NLL 6.900 nats per row, Gaussian 7.800", cli.Out);
        Assert.True(cli.Out.Split('\n').Length > 10);
    }

    [Fact]
    public async Task A_picture_that_finds_no_room_leaves_nothing()
    {
        using var disk = new SmallDisk(kilobytes: 8);
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("plot", "--model", "zipcodes", "--out", disk.In("p.png")));
        Assert.Equal($"The disk that holds '{disk.Path}' is full; free some space and run the same command again.\n", cli.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Theory]
    [InlineData("--columns e", "wide has no column 'e'; it has a, b, c, d.")]
    [InlineData("--columns price", "wide has no column 'price'; it has a, b, c, d.")]
    [InlineData("--columns a,b,c", "--columns names 3 columns; this picture shows at most 2.")]
    [InlineData("--kind dnsity", "--kind is dnsity; did you mean density?")]
    public async Task A_fault_is_one_sentence(string options, string sentence)
    {
        using var cli = new TestCli(new() { Published = [Examples.Wide] });
        Assert.Equal(ExitCode.Usage, await cli.Run(["plot", "--model", "wide", .. options.Split(' ')]));
        Assert.StartsWith(sentence, cli.Error);
    }

    [Fact]
    public async Task Losses_are_those_of_the_version_whatever_its_run_does_now()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training with { Version = 2 }] });
        Assert.Equal(ExitCode.Ok, await cli.Run("plot", "--model", "zipcodes@1", "--kind", "loss"));
        Assert.Equal(["losses of zipcodes@1"], cli.Cluster.Asked);
    }

    [Fact]
    public async Task A_model_without_validation_rows_has_a_picture_of_its_losses()
    {
        using var cli = new TestCli(new() { Published = [Examples.Model with { ValidationNll = double.NaN, GaussianNll = double.NaN }] });
        var path = Path.Combine(cli.Folder, "p.png");
        Assert.Equal(ExitCode.Ok, await cli.Run("plot", "--model", "zipcodes", "--kind", "loss", "--out", path));
        Assert.True(new FileInfo(path).Length > 10_000);
        await cli.Run("plot", "--model", "zipcodes", "--kind", "loss");
        Assert.StartsWith("zipcodes@1 (nsf): training NLL 6.800 nats per row\n", cli.Out);
    }
}
