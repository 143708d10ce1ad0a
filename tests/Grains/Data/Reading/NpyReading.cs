using System.IO.Compression;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Reading;

public sealed class NpyReading : IDisposable
{
    private static readonly double[,] Table = Numbers();
    private readonly TempFolder _folder = new();

    public static TheoryData<string, bool, byte> Layouts => [.. from type in new[] { "f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1" }
                                                                from order in type[1] == '1' ? "|" : "<>"
                                                                from fortran in new[] { false, true }
                                                                from version in new byte[] { 1, 2, 3 }
                                                                select (order + type, fortran, version)];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Layouts))]
    public void Every_number_type_order_and_version_reads_back(string descr, bool fortran, byte version)
    {
        var table = Of(descr);
        var plain = _folder.Write("t.npy", Npy.Of(table, descr, fortran, version));
        var packed = _folder.Write("t.npy.gz", TempFolder.Gzip(Npy.Of(table, descr, fortran, version)));
        Assert.Equal(Rows(table), Tables.Read(plain));
        Assert.Equal(Rows(table), Tables.Read(packed));
        Assert.Equal(["x0", "x1", "x2"], Tables.Columns(plain));
    }

    [Fact]
    public void Columns_that_lie_one_behind_another_are_read_piece_by_piece()
    {
        const int Many = 1_100_000; // more than a piece has of four columns
        static byte At(int row, int column) => (byte)(row * 31 + column);
        var bytes = new byte[4 * Many];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = At(i % Many, i / Many);
        using var reader = TableReader.Open(_folder.Write("t.npy", [.. Npy.Head($"{{'descr': '|u1', 'fortran_order': True, 'shape': ({Many}, 4), }}"), .. bytes]));
        reader.Select([3, 0, 1, 2], byName: false);
        var rows = new double[4 * 10_000];
        for (var row = 0; reader.Read(rows, TestContext.Current.CancellationToken) is > 0 and var count;)
        {
            for (var i = 0; i < count; i++, row++)
                if (rows[4 * i] != At(row, 3) || rows[4 * i + 2] != At(row, 1)) Assert.Fail($"row {row} is {rows[4 * i]}, …, {rows[4 * i + 2]}");
        }

        Assert.Equal((Many, 1), (reader.RowsRead, reader.Fraction));
    }

    [Fact]
    public void One_axis_is_one_column()
    {
        var bytes = Npy.Head("{'descr': '|u1', 'fortran_order': True, 'shape': (3,), }").Concat(new byte[] { 7, 8, 9 });
        Assert.Equal([[7], [8], [9]], Tables.Read(_folder.Write("t.npy", [.. bytes])));
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void An_npz_gives_its_array_X_and_ignores_the_others(CompressionLevel level)
    {
        var zip = TempFolder.Zip(level, ("y.npy", Npy.Of(new double[20, 1])), ("X.npy", Npy.Of(Table)), ("z.npy", Npy.Of(new double[1, 1])));
        Assert.Equal(Rows(Table), Tables.Read(_folder.Write("t.npz", zip)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_npz_without_X_gives_its_only_array(bool fortran)
    {
        var zip = TempFolder.Zip(CompressionLevel.Fastest, ("points.npy", Npy.Of(Table, fortran: fortran)));
        Assert.Equal(Rows(Table), Tables.Read(_folder.Write("t.npz", zip)));
    }

    private static double[,] Numbers()
    {
        var table = new double[20, 3];
        for (var i = 0; i < table.Length; i++)
            table[i / 3, i % 3] = i;
        return table;
    }

    private static double[,] Of(string descr)
    {
        var table = (double[,])Table.Clone();
        for (var row = 0; row < 20; row++)
            table[row, 1] = descr[1] switch { 'f' => (double)(Half)(-row / 7.0), 'i' => -row, _ => row };
        if (descr[1] == 'b')
            for (var i = 0; i < table.Length; i++)
                table[i / 3, i % 3] = i % 2;
        return table;
    }

    private static double[][] Rows(double[,] table) => [.. Enumerable.Range(0, table.GetLength(0)).Select(row => Tables.Row(table, row))];
}
