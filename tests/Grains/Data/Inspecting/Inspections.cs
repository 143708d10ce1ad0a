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
                new("x", "number", -2, 1.5, Missing: 2, Distinct: 3),
                new("count", "integer", -1, 4, Missing: 1, Distinct: 3),
                new("city", "text", null, null, Missing: 2, Distinct: 2),
                new("same", "constant", 7, 7, Missing: 0, Distinct: 1),
            ],
            inspection.Columns);
    }

    [Fact]
    public void A_clean_table_is_not_refused()
    {
        var path = _folder.Write("t.csv", Tables.Csv(Tables.Normal(20_000, 3), "a,b,c")); // several batches
        var inspection = Inspector.Inspect(path, progress: null, Tables.Cancellation);
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
        var inspection = Inspector.Inspect(_folder.Write(name, Packed(name, table)), progress: null, Tables.Cancellation);
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

    [Fact]
    public void A_file_without_names_gets_numbered_columns() =>
        Assert.Equal(["x0", "x1"], Inspect("t.csv", "1,2\n3,5\n4,4\n").Columns.Select(column => column.Name));

    [Fact]
    public void A_file_wider_than_one_reading_is_described_whole()
    {
        var table = Tables.Normal(40, 700);
        for (var row = 0; row < 40; row++)
            table[row, 650] = 3;
        var inspection = Inspector.Inspect(_folder.Write("t.npy", Npy.Of(table)), progress: null, Tables.Cancellation);
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
    public void Inspecting_stops_when_it_is_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => Inspector.Inspect(_folder.Write("t.csv", "1,2\n3,5\n"), progress: null, new(canceled: true)));

    private DataInspection Inspect(string name, string text) => Inspector.Inspect(_folder.Write(name, text), progress: null, Tables.Cancellation);

    private static byte[] Packed(string name, double[,] table) => name switch
    {
        "t.npy" => Npy.Of(table),
        "t.npy.gz" => TempFolder.Gzip(Npy.Of(table)),
        "t.npz" => TempFolder.Zip(default, ("X.npy", Npy.Of(table)), ("y.npy", [])),
        _ => TempFolder.Gzip(Encoding.UTF8.GetBytes(Tables.Csv(table))),
    };
}
