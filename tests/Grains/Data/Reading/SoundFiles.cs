using System.IO.Compression;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Reading;

/// <summary>One small table in every format, as bytes.</summary>
internal static class SoundFiles
{
    private static readonly double[,] Table = WithOneMissing(Tables.Normal(40, 3));

    private static readonly Dictionary<string, Lazy<byte[]>> Files = new Dictionary<string, Func<byte[]>>
    {
        ["t.npy"] = () => Npy.Of(Table),
        ["f.npy"] = () => Npy.Of(Table, fortran: true),
        ["t.npy.gz"] = () => TempFolder.Gzip(Npy.Of(Table)),
        ["f.npy.gz"] = () => TempFolder.Gzip(Npy.Of(Table, fortran: true)),
        ["stored.npz"] = () => TempFolder.Zip(CompressionLevel.NoCompression, ("X.npy", Npy.Of(Table)), ("y.npy", Npy.Of(Table))),
        ["packed.npz"] = () => TempFolder.Zip(CompressionLevel.Optimal, ("X.npy", Npy.Of(Table))),
        ["t.csv"] = () => Encoding.UTF8.GetBytes(Tables.Csv(Table, "a,b,c")),
        ["t.csv.gz"] = () => TempFolder.Gzip(Encoding.UTF8.GetBytes(Tables.Csv(Table, "a,b,c"))),
        ["t.parquet"] = Parquet,
        ["file.arrow"] = () => Arrow(isStream: false, packing: null),
        ["stream.arrow"] = () => Arrow(isStream: true, packing: null),
        ["packed.arrow"] = () => Arrow(isStream: true, CompressionCodecType.Lz4Frame),
    }.ToDictionary(file => file.Key, file => new Lazy<byte[]>(file.Value));

    internal static string[] Names => [.. Files.Keys];

    /// <summary>The rows that each of them gives.</summary>
    internal static double[][] Rows { get; } = [.. Enumerable.Range(0, Table.GetLength(0)).Select(row => Tables.Row(Table, row))];

    internal static byte[] Bytes(string name) => (byte[])Files[name].Value.Clone();

    private static byte[] Parquet()
    {
        using var folder = new TempFolder();
        using (var table = TableFile.Create(folder.In("t.parquet"), [new("a"), new("b"), new("c")]))
        {
            foreach (var row in Rows) table.Write(row);
            table.Complete();
        }

        return File.ReadAllBytes(folder.In("t.parquet"));
    }

    /// <summary>Three batches, the first column with a bitmap of what is missing.</summary>
    private static byte[] Arrow(bool isStream, CompressionCodecType? packing)
    {
        using var memory = new MemoryStream();
        var batches = Rows.Chunk(15).Select(Batch).ToList();
        var options = new IpcOptions { CompressionCodec = packing, CompressionCodecFactory = packing is null ? null : new CompressionCodecFactory() };
        using (var writer = isStream ? new ArrowStreamWriter(memory, batches[0].Schema, leaveOpen: true, options) : new ArrowFileWriter(memory, batches[0].Schema, leaveOpen: true, options))
        {
            foreach (var batch in batches) writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        return memory.ToArray();
    }

    private static RecordBatch Batch(double[][] rows) => new RecordBatch.Builder()
        .Append("a", nullable: true, column => column.Double(values => rows.Aggregate(values, (all, row) => double.IsNaN(row[0]) ? all.AppendNull() : all.Append(row[0]))))
        .Append("b", nullable: false, column => column.Double(values => values.AppendRange(rows.Select(row => row[1]))))
        .Append("c", nullable: false, column => column.Double(values => values.AppendRange(rows.Select(row => row[2])))).Build();

    private static double[,] WithOneMissing(double[,] table)
    {
        table[3, 0] = double.NaN;
        return table;
    }
}
