using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Inspecting;

public sealed class Inspections : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_column_is_described_in_file_order()
    {
        var inspection = Inspect("t.csv", "x,count,city,same\n1.5,3,Bern,7\n-2,4,Chur,7\n,4,Bern,7\ninf,-1,,7\n0.25,,NA,7\n");
        Assert.Equal(5, inspection.Rows);
        Assert.Equal(
            [
                new("x", "number", -2, 1.5, Missing: 2, Distinct: 3) { Use = "a number", Histogram = "▇▁▁▁▁▁▁▁▁▁▁▁▇▁▁▁▁▁▁▇" },
                new("count", "integer", -1, 4, Missing: 1, Distinct: 3) { Use = "whole numbers, each spread over the one above it", Histogram = "▄▁▁▁▄▇" },
                new("city", "text", null, null, Missing: 2, Distinct: 2) { Use = "refused as it is; a category of 2 levels with --as city=category" },
                new("same", "constant", 7, 7, Missing: 0, Distinct: 1) { Use = "refused: it has one value only; leave it out" },
            ],
            inspection.Columns);
    }

    [Theory]
    [InlineData("price", "0.25", "1.5", "2.75", "a number; 0.25 alone stands in 33% of the rows, where a likelihood grows without bound: --as price=lattice:0.25 spreads each value over the step above it")]
    [InlineData("heading", "0.5", "271.2", "359.9", "a number; as an angle: --as heading=angle:360")]
    [InlineData("share", "0.013", "0.512", "0.987", "a number; if it is a share, --as share=bounded:0:1 keeps its density inside")]
    [InlineData("income", "1", "1e9", "2.5", "a number; some values lie far from all others: --as income=robust draws them in")]
    [InlineData("day", "2001-01-31", "2001-02-01", "2001-03-01", "days since 1970-01-01, whole ones each spread over the one above")]
    public void What_may_be_said_of_a_column_is_said(string name, string one, string two, string three, string use)
    {
        var rows = Enumerable.Range(0, 300).Select(row => name is "price" or "day" ? (row % 3) switch { 0 => one, 1 => two, _ => three } : row switch { 0 => one, 1 => two, 2 => three, _ => Spread(name, row) });
        Assert.Equal(use, Inspect("t.csv", $"{name},other\n{string.Concat(rows.Select((cell, row) => $"{cell},{row}.5\n"))}").Columns[0].Use);

        static string Spread(string name, int row) => string.Create(CultureInfo.InvariantCulture, $"{(name == "share" ? 0.9 : name == "heading" ? 300 : 3) * (row + 0.37) / 301:F6}");
    }

    [Fact]
    public void Whole_numbers_that_all_differ_are_asked_about()
    {
        var inspection = Inspect("t.csv", $"id,x\n{string.Concat(Enumerable.Range(0, 50).Select(row => $"{1000 + row},{row / 7.0:F3}\n"))}");
        Assert.Equal("whole numbers, all different: leave it out if it is an identifier, else each is spread over the one above it", inspection.Columns[0].Use);
    }

    [Fact]
    public void A_clean_table_is_not_refused()
    {
        var path = _folder.Write("t.csv", Tables.Csv(Tables.Normal(20_000, 3), "a,b,c")); // several batches
        var inspection = Inspector.Inspect(Tables.All(path), progress: null, Tables.Cancellation);
        Assert.Empty(inspection.Refused);
        Assert.All(inspection.Columns, column => Assert.Equal(("number", 20_000L), (column.Type, column.Distinct)));
    }

    [Theory]
    [InlineData("t.npy")]
    [InlineData("t.npy.gz")]
    [InlineData("t.npz")]
    [InlineData("t.csv.gz")]
    public void Every_format_gives_the_same_description(string name)
    {
        var table = Tables.Normal(300, 3);
        for (var row = 0; row < 300; row++)
            table[row, 1] = row % 7;
        (table[5, 0], table[9, 2]) = (double.NaN, double.PositiveInfinity);
        var expected = Inspect("t.csv", Tables.Csv(table));
        var inspection = Inspector.Inspect(Tables.All(_folder.Write(name, Packed(name, table))), progress: null, Tables.Cancellation);
        Assert.Equal(expected.Columns, inspection.Columns);
        Assert.Equal(expected.Rows, inspection.Rows);
        Assert.Equal(["number", "integer", "number"], inspection.Columns.Select(column => column.Type));
        Assert.Contains("row 6", Assert.Single(inspection.Refused));
    }

    [Fact]
    public void A_column_of_numbers_with_a_stray_word_stays_a_number_column()
    {
        var inspection = Inspect("t.csv", Tables.Csv(Tables.Normal(50, 2), "a,b") + "oops,1\n");
        Assert.Equal(("number", 0L, 51L), (inspection.Columns[0].Type, inspection.Columns[0].Missing, inspection.Columns[0].Distinct));
        Assert.NotNull(inspection.Columns[0].Max);
    }

    [Theory]
    [InlineData("a,city,zip\n1,Bern,3000\n2,Chur,0700\n", "text", null, "its leading zeros, as in '0700', are those of codes; name it with --columns to train on it as numbers")]
    [InlineData("a,b,zip\n1,4,3000\n2,6,0700\n", "integer", 700.0, "its leading zeros, as in '0700', are those of codes; training takes it as numbers, so leave it out if it is one")]
    public void A_column_of_codes_is_typed_as_training_takes_it_and_says_why(string text, string type, double? min, string note)
    {
        var column = Inspect("t.csv", text).Columns[2];
        Assert.Equal((type, min, note), (column.Type, column.Min, column.Note));
    }

    [Fact]
    public void A_file_without_names_gets_numbered_columns() =>
        Assert.Equal(["x0", "x1"], Inspect("t.csv", "1,2\n3,5\n4,4\n").Columns.Select(column => column.Name));

    [Fact]
    public void A_file_wider_than_one_reading_is_described_whole()
    {
        var table = Tables.Normal(40, 700);
        for (var row = 0; row < 40; row++)
            table[row, 650] = 3;
        var inspection = Inspector.Inspect(Tables.All(_folder.Write("t.npy", Npy.Of(table))), progress: null, Tables.Cancellation);
        Assert.Equal(40, inspection.Rows);
        Assert.Equal("x650", Assert.Single(inspection.Columns, column => column.Type == "constant").Name);
        Assert.Equal(699, inspection.Columns.Count(column => column.Distinct == 40));
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "ragged: row 2 (line 3)")]
    [InlineData("", "is empty")]
    [InlineData("a,b\n1,\"2\n", "not a well-formed csv")]
    public void A_broken_file_is_not_described(string text, string says) =>
        Assert.Contains(says, Assert.Throws<BadInputException>(() => Inspect("t.csv", text)).Message);

    [Fact]
    public void A_choice_is_described_alone_and_tried_as_training_would()
    {
        var path = _folder.Write("t.csv", "city,a,b,c\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"{(row % 2 == 0 ? "Bern" : "Chur")},{row}.5,{(row % 10 == 0 ? "" : $"{row * row}")},7\n")));
        var chosen = new DataSelection(path, ["b", "a"], ["city"], MissingRows.Drop) { Kinds = Kinds(("city", "category"), ("b", "lattice:0.5")) };
        var inspection = Inspect(chosen);
        Assert.Equal(
            [("b", "multiples of 0.5, each spread over the step above it"), ("a", "a number"), ("city", "conditioned on as a category of 2 levels")],
            inspection.Columns.Select(column => (column.Name, column.Use)));
        Assert.Equal((60, 6, 0), (inspection.Rows, inspection.LeftOut, inspection.Refused.Length));

        Assert.Contains("row 1 (line 2), column 'b' is missing", Assert.Single(Inspect(chosen with { Missing = MissingRows.Refuse }).Refused), StringComparison.Ordinal);
        Assert.Empty(Inspect(chosen with { Missing = MissingRows.Mask }).Refused);
        Assert.Contains("'c' (always 7)", Assert.Single(Inspect(chosen with { Columns = ["b", "c"] }).Refused), StringComparison.Ordinal);
        Assert.Contains("cannot be read as numbers in 'city'", Assert.Single(Inspect(chosen with { Columns = ["a", "city"], Context = [], Kinds = Kinds() }).Refused), StringComparison.Ordinal);
        Assert.Contains("no column 'd'", Assert.Throws<BadInputException>(() => Inspect(chosen with { Columns = ["d"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_chooses_the_rows_that_are_described()
    {
        _folder.Write("t.csv", "a,b\n1,0\n2,5\n3,1\n4,9\n");
        var query = _folder.Write("q.sql", "SELECT * FROM 't.csv'");
        var inspection = Inspect(Tables.All(query) with { Where = "a > 1" });
        Assert.Equal((3, 2.0), (inspection.Rows, inspection.Columns[0].Min));
    }

    [Fact]
    public void Identifiers_are_told_however_many_they_are()
    {
        var inspection = Inspect("t.csv", "id,x\n" + string.Concat(Enumerable.Range(0, 150_000).Select(row => $"{(row * 7919L) % 1_000_003},{row % 1000}\n")));
        Assert.StartsWith("whole numbers, all different", inspection.Columns[0].Use, StringComparison.Ordinal);
        Assert.StartsWith("whole numbers, each", inspection.Columns[1].Use, StringComparison.Ordinal);
        Assert.InRange(inspection.Columns[0].Distinct, 148_000, 152_000);
    }

    [Fact]
    public void Inspecting_stops_when_it_is_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => Inspector.Inspect(Tables.All(_folder.Write("t.csv", "1,2\n3,5\n")), progress: null, new(canceled: true)));

    private static ImmutableSortedDictionary<string, string> Kinds(params (string Column, string Kind)[] kinds) => kinds.ToImmutableSortedDictionary(kind => kind.Column, kind => kind.Kind);

    private static DataInspection Inspect(DataSelection selection) => Inspector.Inspect(selection, progress: null, Tables.Cancellation);

    private DataInspection Inspect(string name, string text) => Inspector.Inspect(Tables.All(_folder.Write(name, text)), progress: null, Tables.Cancellation);

    private static byte[] Packed(string name, double[,] table) => name switch
    {
        "t.npy" => Npy.Of(table),
        "t.npy.gz" => TempFolder.Gzip(Npy.Of(table)),
        "t.npz" => TempFolder.Zip(default, ("X.npy", Npy.Of(table)), ("y.npy", [])),
        _ => TempFolder.Gzip(Encoding.UTF8.GetBytes(Tables.Csv(table))),
    };
}
