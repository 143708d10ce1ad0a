using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.Commands;

public sealed class PlotCommandTests
{
    [Theory]
    [InlineData("zipcodes", "density", "")]
    [InlineData("zipcodes", "loss", "")]
    [InlineData("zipcodes", "pairs", "")]
    [InlineData("zipcodes", "layers", "")]
    [InlineData("prices", "layers", "--given carat=1")]
    [InlineData("wide", "layers", "--columns d,b")]
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
        Assert.InRange(new FileInfo(path).Length, 4_000, int.MaxValue);
        Assert.Equal(ExitCode.Ok, await cli.Run(args));
        Assert.Contains($"{model}@1 (nsf){(model == "prices" ? " given carat=1" : "")}: validation NLL 6.900 nats per row, Gaussian 7.800\n", cli.Out);
        Assert.True(cli.Out.Split('\n').Length > 8);
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
    [InlineData("zipcodes", "density", "log-density, nats (exact)")]
    [InlineData("wide", "density", "log-density, nats (from 65,536 samples)")]
    [InlineData("wide", "density --columns c", "density per unit of c (from 65,536 samples)")]
    [InlineData("zipcodes", "pairs", "log-densities, nats (from 65,536 samples)")]
    public async Task A_picture_in_the_terminal_says_whether_it_is_an_estimate(string model, string kind, string words)
    {
        using var cli = new TestCli(new() { Published = [Examples.Model, Examples.Wide] });
        await cli.Run(["plot", "--model", model, "--kind", .. kind.Split(' ')]);
        Assert.Equal(words, cli.Out.Split('\n')[1]);
    }

    [Theory, InlineData("density", 80), InlineData("pairs", 80), InlineData("loss", 80), InlineData("layers", 80), InlineData("layers", 40), InlineData("density --columns a", 80), InlineData("density", 40), InlineData("pairs", 40), InlineData("loss", 40), InlineData("density --columns a", 40)]
    public async Task A_picture_in_the_terminal_is_no_wider_than_it(string kind, int width)
    {
        var six = Examples.Wide with { Columns = ["a", "b", "c", "d", "e", "a_rather_long_name_of_a_column_that_goes_on"], Ranges = [.. Enumerable.Repeat(new FlowGrain.Serving.ColumnRange(-351_540, 3e7), 6)] };
        using var cli = new TestCli(new() { Published = [six] }, new(OutIsTerminal: true, ErrorIsTerminal: true, width, Height: 40, FlowGrain.Cli.Output.ColorDepth.None));
        Assert.Equal(ExitCode.Ok, await cli.Run(["plot", "--model", "wide", "--kind", .. kind.Split(' ')]));
        Assert.All(cli.Out.TrimEnd().Split('\n'), line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public async Task Losses_in_the_terminal_have_the_validations_over_them()
    {
        using var cli = new TestCli(terminal: new(OutIsTerminal: true, ErrorIsTerminal: true, Width: 80, Height: 40, FlowGrain.Cli.Output.ColorDepth.True));
        await cli.Run("plot", "--model", "zipcodes", "--kind", "loss");
        Assert.Contains("\e[38;2;213;94;0m•\e[0m", cli.Out);
        Assert.Contains("training, validation •, nats per row", cli.Out);
    }

    [Theory]
    [InlineData("--columns e", "wide has no column 'e'; it has a, b, c, d.")]
    [InlineData("--columns price", "wide has no column 'price'; it has a, b, c, d.")]
    [InlineData("--columns a,b,c", "--columns names 3 columns; this picture shows at most 2.")]
    [InlineData("--kind loss --columns a", "The losses of a run are not of single columns; leave --columns out.")]
    [InlineData("--kind loss --given c=1", "The losses of a run are conditioned on nothing; leave --given out.")]
    [InlineData("--kind latent --columns a", "The coordinates of the base are not those of single columns; leave --columns out.")]
    [InlineData("--kind latent --given c=1", "The latents of rows are conditioned on what each row has; leave --given out.")]
    [InlineData("--kind latent", "The data that wide@1 learned are not among the imported data sets; name a file of such rows with --data.")]
    [InlineData("--kind layers --columns a,b,c", "--columns names 3 columns; this picture shows at most 2.")]
    [InlineData("--kind dnsity", "--kind is dnsity; did you mean density?")]
    public async Task A_fault_is_one_sentence(string options, string sentence)
    {
        using var cli = new TestCli(new() { Published = [Examples.Wide] });
        Assert.Equal(ExitCode.Usage, await cli.Run(["plot", "--model", "wide", .. options.Split(' ')]));
        Assert.StartsWith(sentence, cli.Error);
    }

    [Fact]
    public async Task Layers_are_shown_in_the_columns_that_are_asked_for()
    {
        using var cli = new TestCli(new() { Published = [Examples.Wide] });
        await cli.Run("plot", "--model", "wide", "--kind", "layers", "--columns", "d,b");
        Assert.Equal(["layers of wide, 3 and 1"], cli.Cluster.Asked);
        Assert.Equal("4,000 draws on their way from the base to d (across) and b (up)", cli.Out.Split('\n')[1]);
        Assert.Equal("base                        1 coupling                  2 standardize: the data", cli.Out.Split('\n')[2]);
    }

    [Theory, InlineData(0, "gap 0.00"), InlineData(1, "gap 0.38")]
    public async Task Latents_of_the_rows_that_a_model_learned_stand_beside_its_base(double shift, string words)
    {
        var learned = new FlowGrain.Data.DatasetListing("abc", "zipcodes.csv", 42_049, 0, [], [], 0, DateTimeOffset.UnixEpoch, [], "root");
        using var cli = new TestCli(new() { Published = [Examples.Model with { DataRoot = "root", Base = "standard-normal" }], Imported = learned, Shift = shift });
        var path = Path.Combine(cli.Folder, "p.png");
        Assert.Equal(ExitCode.Ok, await cli.Run("plot", "--model", "zipcodes", "--kind", "latent", "--out", path, "--json"));
        Assert.Equal(path, cli.Json.GetProperty("out").GetString());
        Assert.True(new FileInfo(path).Length > 10_000);
        await cli.Run("plot", "--model", "zipcodes", "--kind", "latent");
        Assert.Contains("2 coordinates of g(x) over 10,000 rows beside the standard-normal base; largest gap", cli.Out);
        Assert.Contains($"z0  {words}", cli.Out);
    }

    [Fact]
    public async Task Latents_of_a_file_stand_beside_draws_of_a_base_that_is_no_normal()
    {
        using var cli = new TestCli(new() { Published = [Examples.Model with { Base = "student-t" }], Shift = 1 });
        Assert.Equal(ExitCode.Ok, await cli.Run("plot", "--model", "zipcodes", "--kind", "latent", "--data", cli.Data));
        Assert.Contains("2 coordinates of g(x) over 100 rows beside the student-t base; largest gap 0.", cli.Out); // both moved alike
        Assert.Contains("draws of the base itself would stay below 0.136 95 times in 100", cli.Out); // 1.358 √(1/100 + 1/10,000): of 42,049 rows every fifth is looked at
        Assert.Equal(ExitCode.Usage, await cli.Run("plot", "--model", "zipcodes", "--data", cli.Data));
        Assert.Contains("Only the latents of rows need rows; add --kind latent, or leave --data out.", cli.Error);
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
