using FlowGrain.Cli;
using FlowGrain.Cli.Quickstart;

namespace FlowGrain.Tests.Client.Commands;

public sealed class QuickstartCommandTests
{
    [Fact]
    public async Task Json_has_the_fields_of_train_and_the_likelihoods_on_the_test_rows()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("quickstart", "--json"));
        var json = cli.Json;
        Assert.Equal((6.8, 7.7, 7.0), (json.GetProperty("testNll").GetDouble(), json.GetProperty("gaussianNll").GetDouble(), json.GetProperty("kdeNll").GetDouble()));
        Assert.Equal("abc123", json.GetProperty("weightsSha256").GetString());
        Assert.True(File.Exists(json.GetProperty("picture").GetString()));
        Assert.StartsWith(cli.Home, json.GetProperty("picture").GetString());
    }

    [Fact]
    public async Task People_see_the_density_and_the_least_likely_places_by_name()
    {
        using var cli = new TestCli();
        await cli.Run("quickstart");
        Assert.Contains("the flow gains 0.900 nats per row", cli.Out);
        Assert.Contains("Holtsville, NY", cli.Out); // row 0 of the file
        Assert.Matches("the data +the flow\n", cli.Out); // as in the picture
    }

    [Fact]
    public async Task It_trains_a_fixed_number_of_steps_on_a_copy_under_the_home()
    {
        using var cli = new TestCli();
        await cli.Run("quickstart");
        var plan = cli.Cluster.Plan!;
        Assert.Equal((QuickstartPlan.Steps, 0.1, 0.1), (plan.Steps, plan.TestFraction, plan.ValidationFraction));
        Assert.StartsWith(cli.Home, plan.Data.Path);
        Assert.Equal(["longitude", "latitude"], plan.Data.Columns);
    }

    [Fact]
    public async Task The_suggested_commands_parse_as_they_stand()
    {
        using var cli = new TestCli();
        await cli.Run("quickstart");
        var suggested = cli.Error.Split('\n').Where(line => line.StartsWith("  flowgrain ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, suggested.Length);
        var root = CommandLine.CreateRoot(new(null!, new()));
        Assert.All(suggested, line => Assert.Empty(UsageFaults.Of(root.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]))));
    }
}
