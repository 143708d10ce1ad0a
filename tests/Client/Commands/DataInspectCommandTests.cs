using FlowGrain.Cli;
using FlowGrain.Data;

namespace FlowGrain.Tests.Client.Commands;

public sealed class DataInspectCommandTests
{
    [Fact]
    public async Task Every_column_and_every_reason_is_printed()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("data", "inspect", cli.Data));
        Assert.All(["your.csv: 400 rows, 2 columns", "city", "text", "Training refuses: column 'city' is text"], part => Assert.Contains(part, cli.Out));
    }

    [Fact]
    public async Task Json_gives_the_columns_with_the_fields_of_the_contract()
    {
        using var cli = new TestCli();
        await cli.Run("data", "inspect", cli.Data, "--json");
        Assert.Equal(400, cli.Json.GetProperty("rows").GetInt64());
        Assert.Equal(
            ["name", "type", "min", "max", "missing", "distinct", "note", "use", "histogram"],
            cli.Json.GetProperty("columns")[0].EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task What_a_type_does_not_say_is_added()
    {
        using var cli = new TestCli(new() { Inspection = new(2, [new("zip", "text", null, null, 0, 2, "its leading zeros are those of codes") { Use = "a category" }], []) });
        await cli.Run("data", "inspect", cli.Data);
        Assert.Contains("\n  zip: a category; its leading zeros are those of codes.\n", cli.Out);
    }

    [Fact]
    public async Task What_is_chosen_goes_along_and_rows_that_would_be_left_out_are_told()
    {
        var cluster = new FakeCluster { Inspection = Examples.Inspection with { LeftOut = 3 } };
        using var cli = new TestCli(cluster);
        Assert.Equal(ExitCode.Ok, await cli.Run("data", "inspect", cli.Data, "--columns", "a,b", "--context", "c", "--as", "c=category", "--where", "a > 1", "--missing", "drop"));
        Assert.Equal(("a,b", "c", "category", "a > 1", MissingRows.Drop), cluster.Inspected is { } asked ? (string.Join(',', asked.Columns), string.Join(',', asked.Context), asked.Kinds["c"], asked.Where, asked.Missing) : default);
        Assert.Contains("3 rows with gaps are left out.", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await cli.Run("data", "inspect", cli.Data, "--columns", "a,b", "--context", "b"));
    }

    [Fact]
    public async Task Whole_numbers_are_shown_in_full_and_a_count_that_is_an_estimate_says_so()
    {
        using var cli = new TestCli(new() { Inspection = new(200_000, [new("time", "integer", 1_700_000_000, 1_700_199_999, 0, 199_680)], []) });
        await cli.Run("data", "inspect", cli.Data);
        Assert.All(["1700000000", "1700199999", "~199,680", "Nothing is refused."], part => Assert.Contains(part, cli.Out));
    }
}
