using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.Commands;

public sealed class ListingTests
{
    [Theory, InlineData("runs", "No runs yet"), InlineData("models", "No models yet")]
    public async Task An_empty_list_says_what_to_try(string command, string words)
    {
        using var cli = new TestCli(new() { Published = [] });
        Assert.Equal(ExitCode.Ok, await cli.Run(command));
        Assert.Equal($"{words} under {cli.Home}: try flowgrain quickstart --home {cli.Home}", cli.Out.TrimEnd());
    }

    [Theory, InlineData("runs"), InlineData("models"), InlineData("models presets"), InlineData("runs show zipcodes"), InlineData("models show zipcodes"), InlineData("cluster")]
    public async Task Every_list_is_a_table_for_people_and_one_json_object_for_programs(string command)
    {
        using var cli = new TestCli(new() { Listing = [Examples.Listing] });
        Assert.Equal(ExitCode.Ok, await cli.Run(command.Split(' ')));
        Assert.NotEmpty(cli.Out);
        Assert.Equal(ExitCode.Ok, await cli.Run([.. command.Split(' '), "--json"]));
        Assert.Equal(System.Text.Json.JsonValueKind.Object, cli.Json.ValueKind);
    }

    [Fact]
    public async Task A_damaged_model_is_listed_as_such_among_the_others()
    {
        var damaged = Examples.Model with { Name = "broken", Preset = "", Columns = [], Damage = "Model 'broken' version 1 cannot be used: flow.json is missing; delete it." };
        using var cli = new TestCli(new() { Published = [damaged, Examples.Model] });
        Assert.Equal(ExitCode.Ok, await cli.Run("models"));
        Assert.All(["broken", "(damaged)", damaged.Damage, "longitude, latitude"], words => Assert.Contains(words, cli.Out));
        await cli.Run("models", "--json");
        Assert.Equal([damaged.Damage, null], cli.Json.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("damage").GetString()));
    }

    [Fact]
    public async Task The_cluster_counts_its_slots()
    {
        using var cli = new TestCli();
        await cli.Run("cluster", "--json");
        Assert.Equal(["silos", "devices", "slots", "runs", "models"], cli.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(6, cli.Json.GetProperty("slots").GetInt32());
    }

    [Fact]
    public async Task The_embedded_cluster_says_what_it_is()
    {
        using var cli = new TestCli { Embedded = true };
        await cli.Run("cluster");
        Assert.StartsWith("The embedded cluster: one silo inside this command", cli.Out);
        Assert.DoesNotContain("other", cli.Out);
    }

    [Fact]
    public async Task A_build_hash_is_cut_to_eight_digits()
    {
        using var cli = new TestCli();
        await cli.Run("cluster");
        Assert.Contains(" 0.1.0+2bad957e ", cli.Out);
        using var version = new StringWriter();
        Assert.Equal(ExitCode.Ok, CommandLine.CreateRoot(new(null!, new())).Parse("--version").Invoke(new() { Output = version }));
        Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]{8})?$", version.ToString().TrimEnd());
    }

    [Fact]
    public async Task Watching_prints_an_object_at_every_change()
    {
        using var cli = new TestCli(new() { Listing = [Examples.Listing], Updates = [Examples.Training, Examples.Finished] });
        Assert.Equal(ExitCode.Ok, await cli.Run("runs", "watch", "zipcodes", "--json", "--quiet"));
        var lines = cli.Out.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("\"phase\":\"training\"", lines[0]);
    }

    [Fact]
    public async Task A_mistyped_run_is_answered_with_the_nearest()
    {
        using var cli = new TestCli(new() { Listing = [Examples.Listing] });
        Assert.Equal(ExitCode.Usage, await cli.Run("runs", "delete", "zipcode"));
        Assert.Equal("There is no run 'zipcode'; did you mean zipcodes?", cli.Error.TrimEnd());
        Assert.DoesNotContain("delete run zipcode", cli.Cluster.Asked);
    }

    [Fact]
    public async Task Cancelling_stops_a_run_that_trains_and_leaves_others_alone()
    {
        using var training = new TestCli(new() { Listing = [Examples.Listing], Updates = [Examples.Training] });
        await training.Run("runs", "cancel", "zipcodes");
        Assert.Contains("stop zipcodes", training.Cluster.Asked);
        using var finished = new TestCli(new() { Listing = [Examples.Listing], Updates = [Examples.Finished] });
        await finished.Run("runs", "cancel", "zipcodes");
        Assert.Empty(finished.Cluster.Asked);
        Assert.Contains("is not training: finished", finished.Out);
    }

    [Theory, InlineData("cancel"), InlineData("delete")]
    public async Task A_run_that_another_process_trains_is_answered_with_what_ends_it(string command)
    {
        var fault = new FlowGrain.Training.RunConflictException("Run 'zipcodes' is being trained by process 7 on this home; wait for it, or choose another --name.");
        using var cli = new TestCli(new() { Listing = [Examples.Listing], Updates = [Examples.Training], Fault = fault });
        Assert.Equal(ExitCode.Usage, await cli.Run("runs", command, "zipcodes"));
        Assert.Equal("Run 'zipcodes' is being trained by process 7 on this home; stop it there with Ctrl+C.", cli.Error.TrimEnd());
    }

    [Theory, InlineData("zipcodes@1"), InlineData("zipcodes")]
    public async Task Deleting_a_model_takes_one_version_or_all(string model)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("models", "delete", model));
        Assert.Contains($"delete model {model}", cli.Cluster.Asked);
    }
}
