using FlowGrain.Cli;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Commands;

public sealed class ListingTests
{
    [Theory, InlineData("runs", "No runs yet"), InlineData("models", "No models yet")]
    public async Task An_empty_list_says_what_to_try(string command, string words)
    {
        using var cli = new TestCli(new() { Published = [] });
        Assert.Equal(ExitCode.Ok, await cli.Run(command));
        Assert.Equal($"{words} under {cli.Home}, which does not exist: try flowgrain quickstart --home {cli.Home}", cli.Out.TrimEnd());
        Directory.CreateDirectory(cli.Home);
        await cli.Run(command);
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
    public async Task A_data_set_tells_what_was_selected_and_which_rows_were_left_out()
    {
        var imported = new DatasetListing("0123456789abcdef", "t.parquet", Rows: 90, DroppedRows: 8, [new("a", 0, 1, -2, 2, 0, 90, 8, [])], [], 4_096, DateTimeOffset.UnixEpoch, [], Root: "r")
        {
            LeftOut = [.. Enumerable.Range(1, 8).Select(row => new LeftOutRow(row, "a", row == 2 ? "inf" : "missing") { File = row == 3 ? "b.csv" : null })],
            Selection = new("t.parquet", ["a"], [], MissingRows.Drop) { Where = "b > 1", GroupBy = "day", Validation = "val.parquet", Kinds = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("a", "whole") },
        };
        using var cli = new TestCli(new() { Imported = imported });
        Assert.Equal(ExitCode.Ok, await cli.Run("data", "show", "0123"));
        Assert.Contains("Selected: rows where b > 1; rows of equal day stay together; validated on val.parquet; a is whole.", cli.Out, StringComparison.Ordinal);
        Assert.Contains("8 rows with a missing or non-finite value were left out: row 1 (a: missing), row 2 (a: inf), row 3 of b.csv (a: missing), row 4 (a: missing), row 5 (a: missing) and 3 more; --json lists the first thousand.", string.Join(' ', cli.Out.Split('\n', StringSplitOptions.TrimEntries)), StringComparison.Ordinal);
        await cli.Run("data", "show", "0123", "--json");
        Assert.Equal(8, cli.Json.GetProperty("leftOut").GetArrayLength());
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
        Assert.Contains("\"trainNll\":6.91,\"validationNll\":6.95,\"bestValidationNll\":6.94,", lines[0]); // as in runs and train
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
        Assert.Contains("is not training: finished", finished.Out);
    }

    [Theory, InlineData("cancel", RunPhase.Training), InlineData("cancel", RunPhase.Stopped), InlineData("delete", RunPhase.Training)]
    public async Task A_run_that_another_process_trains_is_answered_with_what_ends_it(string command, RunPhase seen)
    {
        var fault = new RunConflictException("Run 'zipcodes' is being trained by process 7 on this home; wait for it, or choose another --name.");
        using var cli = new TestCli(new() { Listing = [Examples.Listing], Updates = [Examples.Training with { Phase = seen }], Fault = fault });
        Assert.Equal(ExitCode.Usage, await cli.Run("runs", command, "zipcodes"));
        Assert.Equal("Run 'zipcodes' is being trained by process 7 on this home; stop it there with Ctrl+C.", cli.Error.TrimEnd());
    }

    [Fact]
    public async Task Every_setting_is_explained_once()
    {
        using var cli = new TestCli();
        await cli.Run("models", "presets");
        Assert.Single(cli.Out.Split('\n'), line => line == "  bins  pieces of every spline");
    }

    [Fact]
    public async Task A_conditional_models_card_says_where_its_context_was()
    {
        using var cli = new TestCli(new() { Published = [Examples.Conditional] });
        await cli.Run("models", "show", "prices");
        Assert.Contains("Given       carat, in nearly all training rows from -0.4 to 2\n", cli.Out);
    }

    [Fact]
    public async Task A_models_card_names_every_column_and_shows_a_figure_that_float32_cannot_tell_from_0_as_0()
    {
        var wide = Examples.Wide with { Columns = ["a", "b", "c", "d", "e", "f", "g"], Ranges = [.. Enumerable.Repeat(new FlowGrain.Serving.ColumnRange(-7.2242e-9, 1.66), 7)] };
        using var cli = new TestCli(new() { Published = [wide] });
        await cli.Run("models", "show", "wide");
        Assert.Contains("Density of  a, b, c, d, e, f, g\n", cli.Out);
        Assert.Matches(@"\n +g +0 +1\.66 ", cli.Out);
        await cli.Run("models");
        Assert.Contains(" a, b, c, d, e, f and 1 more ", cli.Out);
    }

    [Theory, InlineData("zipcodes@1"), InlineData("zipcodes")]
    public async Task Deleting_a_model_takes_one_version_or_all(string model)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("models", "delete", model));
        Assert.Contains($"delete model {model}", cli.Cluster.Asked);
    }
}
