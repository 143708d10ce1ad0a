using System.Globalization;

namespace FlowGrain.Tests.Grains.Data.Reading;

/// <summary>Any table, written in any legal way, reads back to the last bit.</summary>
public sealed class CsvProperties : IDisposable
{
    private static readonly string[] LineEnds = ["\n", "\r\n"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_way_to_write_a_table_reads_back_exactly()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (rows, width) = (random.Next(1, 30), random.Next(2, 6));
            var table = Table(random, rows, width);
            var path = _folder.Write("t.csv", Text(random, table, width));
            Assert.True(table.SelectMany(row => row).SequenceEqual(Tables.Read(path).SelectMany(row => row)), $"seed {seed}: {File.ReadAllText(path)}");
        }
    }

    [Fact]
    public void A_decimal_is_the_number_that_the_framework_reads()
    {
        var random = new Random(1);
        for (var i = 0; i < 200_000; i++)
        {
            var digits = string.Concat(Enumerable.Range(0, random.Next(1, 18)).Select(_ => (char)('0' + random.Next(10))));
            var text = (random.Next(3) == 0 ? "-" : "") + (random.Next(5) == 0 ? digits : digits.Insert(random.Next(digits.Length + 1), "."));
            Assert.True(FlowGrain.Data.Cell.TryParse(text, out var value), text);
            Assert.True(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(value), text);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("1.2.3")]
    [InlineData("1-2")]
    [InlineData("--1")]
    [InlineData("1,5")]
    [InlineData("+-1")]
    [InlineData("123456789012345x")]
    public void What_the_framework_does_not_read_is_no_decimal(string text) =>
        Assert.True(!FlowGrain.Data.Cell.TryParse(text, out var value) || (text == "" && double.IsNaN(value)), text);

    private static double[][] Table(Random random, int rows, int width) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, width).Select(_ => Number(random)).ToArray())];

    private static double Number(Random random) => random.Next(6) switch
    {
        0 => double.NaN,
        1 => random.Next(-1000, 1000),
        2 => BitConverter.Int64BitsToDouble(random.NextInt64()) is var any && double.IsFinite(any) ? any : 0,
        _ => random.NextDouble() - 0.5,
    };

    private static string Text(Random random, double[][] table, int width)
    {
        var delimiter = ",;\t|"[random.Next(4)];
        var end = LineEnds[random.Next(2)];
        var header = Enumerable.Range(0, width).Select(column => Quote($"na\"me, {column};\n", always: true));
        var lines = table.Select(row => string.Join(delimiter, row.Select(value => Cell(random, value))));
        return string.Join(end, lines.Prepend(string.Join(delimiter, header))) + (random.Next(2) == 0 ? end : "");
    }

    private static string Cell(Random random, double value) =>
        Quote(double.IsNaN(value) ? "NA" : value.ToString("R", CultureInfo.InvariantCulture), always: random.Next(3) == 0);

    private static string Quote(string text, bool always) => always ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
