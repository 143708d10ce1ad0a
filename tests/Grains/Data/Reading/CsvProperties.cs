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
        var delimiter = ",;\t"[random.Next(3)];
        var end = LineEnds[random.Next(2)];
        var header = Enumerable.Range(0, width).Select(column => Quote($"na\"me, {column};\n", always: true));
        var lines = table.Select(row => string.Join(delimiter, row.Select(value => Cell(random, value))));
        return string.Join(end, lines.Prepend(string.Join(delimiter, header))) + (random.Next(2) == 0 ? end : "");
    }

    private static string Cell(Random random, double value) =>
        Quote(double.IsNaN(value) ? "NA" : value.ToString("R", CultureInfo.InvariantCulture), always: random.Next(3) == 0);

    private static string Quote(string text, bool always) => always ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
