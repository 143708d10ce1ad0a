using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.Commands;

/// <summary>What <c>train</c> answers.</summary>
public sealed class TrainCommandTests
{
    private static readonly string[] Contract =
    [
        "run", "model", "version", "rows", "dimension", "parameters", "steps", "epochs", "trainNll", "validationNll", "gaussianNll",
        "rowsPerSecond", "seconds", "weightsSha256", "deviceClass", "path", "droppedRows",
    ];

    [Fact]
    public async Task Json_is_one_line_with_the_fields_of_the_contract()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("train", cli.Data, "--json"));
        Assert.Equal(Contract, cli.Json.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task A_figure_that_json_cannot_hold_is_null()
    {
        using var cli = new TestCli(new() { Outcome = Examples.Result with { ValidationNll = double.NaN, TrainNll = double.PositiveInfinity } });
        await cli.Run("train", cli.Data, "--json");
        Assert.Equal("null null", $"{cli.Json.GetProperty("validationNll").GetRawText()} {cli.Json.GetProperty("trainNll").GetRawText()}");
    }

    [Fact]
    public async Task Seconds_are_those_of_the_command_not_of_the_run()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--json");
        Assert.InRange(cli.Json.GetProperty("seconds").GetDouble(), 0, 1);
    }

    [Theory, InlineData("train"), InlineData("runs show zipcodes")]
    public async Task The_summary_says_whose_time_it_is(string command)
    {
        using var cli = new TestCli(new() { Listing = [Examples.Listing with { Result = Examples.Result, IsPublished = true }] });
        await cli.Run([.. command.Split(' '), .. command == "train" ? [cli.Data] : Array.Empty<string>()]);
        Assert.Contains(command == "train" ? "180.0k rows/s while it trained; this command took 0:00\n" : "180.0k rows/s while it trained; the command that finished it took 1:39\n", cli.Out);
    }

    [Fact]
    public async Task The_summary_sets_the_flow_beside_the_Gaussian_and_ends_with_commands_to_try()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data);
        Assert.Contains("the flow gains 0.900 nats per row", cli.Out);
        Assert.Contains($"flowgrain plot --model zipcodes --home {cli.Home}", cli.Error);
    }

    [Fact]
    public async Task Without_validation_rows_the_summary_compares_nothing()
    {
        using var cli = new TestCli(new() { Outcome = Examples.Result with { ValidationNll = double.NaN, GaussianNll = double.NaN } });
        await cli.Run("train", cli.Data, "--validation", "0");
        Assert.Contains("NLL         6.800 nats per row (training); no rows were kept for validation\nPace", cli.Out);
    }

    [Fact]
    public async Task What_to_try_with_a_conditional_model_gives_its_context()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--columns", "a", "--context", "b,c d");
        Assert.Contains("flowgrain plot --model zipcodes --given b=VALUE --given 'c d=VALUE' --home", cli.Error);
        Assert.Contains("--out samples.csv --given b=VALUE --given 'c d=VALUE' --home", cli.Error);
    }

    [Fact]
    public async Task What_a_plan_left_open_is_as_the_model_has_it_that_it_begins_with_when_rows_are_counted_and_hints_are_given()
    {
        var cluster = new FakeCluster { Complete = plan => plan with { Data = plan.Data with { Context = ["b"], Kinds = plan.Data.Kinds.Add("b", "category") } } };
        using var cli = new TestCli(cluster);
        await cli.Run("train", cli.Data, "--from", "zipcodes", "--missing", "drop");
        Assert.Contains("flowgrain plot --model zipcodes --given b=VALUE --home", cli.Error);
        Assert.Equal(("category", 1), (cluster.ReadAgain!.Kinds["b"], cluster.ReadAgain.Context.Length));
    }

    [Fact]
    public async Task One_epoch_is_no_plural()
    {
        using var cli = new TestCli(new() { Outcome = Examples.Result with { Epochs = 1.02, Steps = 1 } });
        await cli.Run("train", cli.Data);
        Assert.Contains("1 step (1 epoch)", cli.Out);
    }

    [Theory, InlineData("drop", 3), InlineData("refuse", 0)]
    public async Task Rows_that_were_dropped_are_counted(string missing, long dropped)
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--missing", missing, "--json");
        Assert.Equal(dropped, cli.Json.GetProperty("droppedRows").GetInt64());
        await cli.Run("train", cli.Data, "--missing", missing);
        Assert.Equal(dropped > 0, cli.Out.Contains("Dropped     3 rows for missing or non-finite values\n", StringComparison.Ordinal));
    }
}
