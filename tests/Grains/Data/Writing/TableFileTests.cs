using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Writing;

public sealed class TableFileTests : IDisposable
{
    private static readonly WrittenColumn[] Columns = [new("row"), new("log_prob", IsSingle: true)];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("t.csv"), InlineData("T.CSV"), InlineData("t.npy"), InlineData("T.Npy")]
    public void A_table_comes_back_whatever_the_case_of_its_extension(string name)
    {
        Write(name, 0, -1.5, 1, 0.1f);
        using var reader = TableReader.Open(_folder.In(name));
        reader.Select([0, 1], byName: false);
        var values = new double[8];
        Assert.Equal(2, reader.Read(values, TestContext.Current.CancellationToken));
        Assert.Equal([0, -1.5, 1], values[..3]);
        Assert.Equal(0.1f, (float)values[3]);
    }

    [Fact]
    public void Numbers_are_as_short_as_they_can_be_read_back_from()
    {
        Write("t.csv", 1e6, 0.1f, 0.1f, double.NaN, 1.0 / 3, 1);
        Assert.Equal("row,log_prob\n1000000,0.1\n0.10000000149011612,NaN\n0.3333333333333333,1\n", File.ReadAllText(_folder.In("t.csv")));
    }

    [Fact]
    public void Names_are_quoted_where_they_must_be() =>
        Assert.Equal("plain,\"a,b\",\"say \"\"x\"\"\"\n", new CsvText([new("plain"), new("a,b"), new("say \"x\"")]).Header);

    [Theory, InlineData("t.csv"), InlineData("t.parquet")]
    public void Dates_and_moments_are_written_as_such_and_come_back_as_the_same_days(string name)
    {
        double[] days = [19_000, 19_000.5, -1, 1.0 / 3];
        using (var table = TableFile.Create(_folder.In(name), [new("day", IsWhole: true, IsDate: true), new("at", IsDate: true)]))
        {
            table.Write(days);
            table.Write([double.NaN, 1e9]); // no day at all, and none of the years that have dates
            table.Complete();
        }

        using var reader = TableReader.Open(_folder.In(name));
        reader.Select([0, 1], byName: false);
        var rows = Tables.ReadAll(reader);
        Assert.Equal((true, true), (reader.IsDate(0), reader.IsDate(1)));
        Assert.Equal(days, [.. rows[0], .. rows[1]], (expected, actual) => Math.Abs(expected - actual) < 1e-11); // a microsecond
        Assert.Equal([double.NaN, double.NaN], rows[2]);
    }

    [Fact]
    public void A_moment_is_as_short_as_its_time_of_day_allows() => Assert.Equal(
        ["2022-01-08", "2022-01-08T12:00:00Z", "1969-12-31T23:59:59.999999Z", null],
        [DateText.Of(19_000, isWhole: true), DateText.Of(19_000.5, isWhole: false), DateText.Of(-1e-6 / 86_400, isWhole: false), DateText.Of(double.NaN, isWhole: true)]);

    [Fact]
    public void Another_extension_is_refused_with_those_that_are_known()
    {
        var error = Assert.Throws<BadInputException>(() => TableFile.Create(_folder.In("t.xlsx"), Columns));
        Assert.Equal("'t.xlsx' cannot be written as '.xlsx'; name a .csv, .parquet or .npy file.", error.Message);
    }

    private void Write(string name, params double[] rows)
    {
        using var table = TableFile.Create(_folder.In(name), Columns);
        table.Write(rows.AsSpan(0, 2));
        table.Write(rows.AsSpan(2));
        table.Complete();
    }
}
