using System.Text;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Reading;

public sealed class CsvReading : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_first_line_with_a_word_is_a_header()
    {
        var path = _folder.Write("t.csv", "a,b\n1,2\n3,4\n");
        Assert.Equal(["a", "b"], Tables.Columns(path));
        Assert.Equal([[1, 2], [3, 4]], Tables.Read(path));
    }

    [Fact]
    public void A_file_of_numbers_alone_has_numbered_columns()
    {
        var path = _folder.Write("t.csv", "1,NA\n3,4\n");
        Assert.Equal(["x0", "x1"], Tables.Columns(path));
        Assert.Equal([[1, double.NaN], [3, 4]], Tables.Read(path));
    }

    [Theory]
    [InlineData("5.1,3.5,setosa\n4.9,3,setosa\n", "x0,x1,x2")]
    [InlineData("5.1,3.5,setosa\n4.9,virginica,3\n", "5.1,3.5,setosa")]
    [InlineData("city,2020,2021\nBern,3,4\n", "city,2020,2021")]
    public void A_first_line_with_decimals_like_those_below_is_data(string text, string columns) =>
        Assert.Equal(columns.Split(','), Tables.Columns(_folder.Write("t.csv", text)));

    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("a;b\n1;2\n")]
    [InlineData("a\tb\n1\t2\n")]
    [InlineData("a|b\n1|2\n")]
    [InlineData("a:b\n1:2\n")]
    [InlineData("a b\n1 2\n")]
    [InlineData("a\u0001b\n1\u00012\n")]
    [InlineData("a!b\n1!2\n")]
    [InlineData("  a   b  \n  1 2\n")]
    [InlineData("\"a\"   \"b\"\r\n  1     2\r\n")]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\n1,2")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"\n")]
    [InlineData("\uFEFFa,b\n1,2\n")]
    [InlineData("\uFEFF\"a\",b\n1,2\n")]
    [InlineData("\n\na,b\n\n1,2\n\n\n")]
    [InlineData(" a , b \n 1 , 2 \n")]
    public void Delimiters_quotes_line_ends_and_blank_lines_are_understood(string text)
    {
        var path = _folder.Write("t.csv", text);
        Assert.Equal(["a", "b"], Tables.Columns(path));
        Assert.Equal([[1, 2]], Tables.Read(path));
    }

    [Fact]
    public void Columns_that_spaces_align_are_found_and_one_space_more_is_a_missing_value_where_the_others_stand_alone()
    {
        var aligned = string.Concat(Enumerable.Range(1, 2_000).Select(row => $"{row,6}{row * row,12}   \"a  {row}\"\n"));
        var path = _folder.Write("aligned.csv", $"row  square  name\n{aligned}");
        using var reader = TableReader.Open(path);
        reader.Select([0, 1], byName: true);
        reader.Carry([2]);
        Assert.Equal(Enumerable.Range(1, 2_000).Select(row => (double[])[row, row * row]), Tables.ReadAll(reader));
        Assert.Equal("a  2000", System.Text.Encoding.UTF8.GetString(reader.Cells[0][1_999]));
        Assert.Equal([[1, double.NaN, 3], [4, 5, 6]], Tables.Read(_folder.Write("single.csv", "a b c\n1  3\n4 5 6\n")));
    }

    [Fact]
    public void A_comma_inside_quotes_does_not_make_a_comma_file() =>
        Assert.Equal(["acid, fixed", "b"], Tables.Columns(_folder.Write("t.csv", "\"acid, fixed\";b\n1;2\n")));

    [Theory]
    [InlineData("when\n2001-01-31 12:30:00\n2001-02-01 08:00:00\n", "when")]
    [InlineData("2001-01-31 12:30:00\n2001-02-01 08:00:00\n", "x0")]
    [InlineData("when,n\n2001-01-31 12:30:00,1\n", "when,n")]
    [InlineData("net weight\n1.5\n2.5\n", "net weight")]
    [InlineData("pickup time\n2020-01-01 10:00\n2020-01-01 11:00\n", "pickup time")]
    [InlineData("10:15\n12:30\n", "10:15")]
    [InlineData("1 234\n5 678\n", "1 234")]
    public void Spaces_and_colons_of_names_and_times_delimit_nothing(string text, string columns) =>
        Assert.Equal(columns.Split(','), Tables.Columns(_folder.Write("t.csv", text)));

    [Fact]
    public void A_header_may_begin_with_a_hash() =>
        Assert.Equal(["#a", "b"], Tables.Columns(_folder.Write("t.csv", "#a,b\n1,2\n")));

    [Theory]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("n/a")]
    [InlineData("nan")]
    [InlineData("NULL")]
    [InlineData("None")]
    [InlineData("?")]
    public void A_missing_word_reads_as_nan(string word) =>
        Assert.Equal([[1, double.NaN]], Tables.Read(_folder.Write("t.csv", $"a,b\n1,{word}\n")));

    [Theory]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+Inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("-1.25e-3", -0.00125)]
    public void Numbers_are_read_as_scientists_write_them(string word, double value) =>
        Assert.Equal([[1, value]], Tables.Read(_folder.Write("t.csv", $"a,b\n1,{word}\n")));

    [Fact]
    public void A_blank_line_between_rows_of_one_column_is_a_missing_value_and_at_the_end_it_is_none() =>
        Assert.Equal([[1], [double.NaN], [2]], Tables.Read(_folder.Write("t.csv", "a\n1\n\n2\n\n\n")));

    [Fact]
    public void A_column_without_a_name_is_named_by_its_position() =>
        Assert.Equal(["x0", "a"], Tables.Columns(_folder.Write("t.csv", ",a\n0,1\n")));

    [Fact]
    public void A_compressed_csv_reads_like_the_plain_one()
    {
        var text = Tables.Csv(Tables.Normal(300, 3), "a,b,c");
        var packed = _folder.Write("t.csv.gz", TempFolder.Gzip(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(Tables.Read(_folder.Write("t.csv", text)), Tables.Read(packed));
    }

    [Fact]
    public void Only_selected_columns_are_read_in_the_order_asked_for()
    {
        using var reader = TableReader.Open(_folder.Write("t.csv", "name,a,b\nx,1,2\ny,3,4\n"));
        reader.Select([2, 1], byName: true);
        Assert.Equal([[2, 1], [4, 3]], Tables.ReadAll(reader));
    }

    [Fact]
    public void Reading_stops_when_cancelled()
    {
        using var reader = TableReader.Open(_folder.Write("t.csv", "a\n1\n"));
        reader.Select([0], byName: false);
        Assert.Throws<OperationCanceledException>(() => reader.Read(new double[4], new CancellationToken(canceled: true)));
    }
}
