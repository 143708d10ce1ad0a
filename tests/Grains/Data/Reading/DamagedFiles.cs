using System.IO.Compression;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Reading;

/// <summary>However a file is damaged, reading it gives a sentence or a table: never another exception, never a hang.</summary>
public sealed class DamagedFiles : IDisposable
{
    private static readonly double[,] Table = Tables.Normal(40, 3);
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => ["t.npy", "f.npy", "t.npy.gz", "f.npy.gz", "stored.npz", "packed.npz", "t.csv", "t.csv.gz", "t.parquet", "t.arrow"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void A_truncated_file_is_refused_at_every_length(string name)
    {
        var whole = Whole(name);
        for (var length = 0; length < whole.Length - 1; length += Math.Max(1, whole.Length / 150))
            if (name != "t.csv") // a shorter csv is a csv
                Assert.Contains(name, Refusal(name, whole[..length], $"{length} of {whole.Length} bytes"));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_flipped_bit_gives_a_sentence_or_a_table(string name) => Flip(name, seed: 7, cases: 150);

    /// <summary>Ten thousand in all, at night.</summary>
    [Theory(Explicit = true), MemberData(nameof(Names))]
    public void A_thousand_flipped_bits_give_sentences_or_tables(string name) => Flip(name, seed: 8, cases: 1000);

    private void Flip(string name, int seed, int cases)
    {
        var random = new Random(seed);
        for (var i = 0; i < cases; i++)
        {
            var bytes = (byte[])Whole(name).Clone();
            var at = i % 2 == 0 ? random.Next(Math.Min(128, bytes.Length)) : random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            TryRead(name, bytes, $"flip in byte {at}");
        }
    }

    [Fact]
    public void A_flipped_bit_in_the_data_of_an_npz_is_noticed()
    {
        var bytes = Whole("stored.npz");
        bytes[400] ^= 1;
        Assert.Contains("checksum", Refusal("stored.npz", bytes, "flip in byte 400"));
    }

    [Fact]
    public void A_gzip_that_lost_only_its_trailer_is_refused()
    {
        var bytes = Whole("t.csv.gz");
        Assert.Contains("truncated", Refusal("t.csv.gz", bytes[..^8], "no trailer"));
    }

    [Theory, InlineData("t.csv.gz"), InlineData("t.npy.gz")]
    public void A_gzip_that_holds_nonsense_is_named_and_not_what_became_of_its_rows(string name)
    {
        const int Header = 10, Trailer = 8;
        for (var at = Header; at < Whole(name).Length - Trailer; at += 3)
        {
            var bytes = Whole(name);
            bytes[at] ^= 0x5a;
            Assert.EndsWith("copy it again.", Refusal(name, bytes, $"flips in byte {at}"));
        }
    }

    private static byte[] Parquet()
    {
        using var folder = new TempFolder();
        using (var table = TableFile.Create(folder.In("t.parquet"), [new("a", IsWhole: true), new("b", IsSingle: true), new("c")]))
        {
            for (var row = 0; row < Table.GetLength(0); row++) table.Write(Tables.Row(Table, row));
            table.Complete();
        }

        return File.ReadAllBytes(folder.In("t.parquet"));
    }

    private static byte[] Arrow()
    {
        using var memory = new MemoryStream();
        var batch = new RecordBatch.Builder()
            .Append("a", nullable: true, column => column.Double(values => values.AppendRange(Enumerable.Range(0, Table.GetLength(0)).Select(row => Table[row, 0]))))
            .Append("b", nullable: false, column => column.Int32(values => values.AppendRange(Enumerable.Range(0, Table.GetLength(0))))).Build();
        using (var writer = new ArrowFileWriter(memory, batch.Schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        return memory.ToArray();
    }

    private static byte[] Whole(string name) => name switch
    {
        "t.npy" => Npy.Of(Table),
        "f.npy" => Npy.Of(Table, fortran: true),
        "t.npy.gz" => TempFolder.Gzip(Npy.Of(Table)),
        "f.npy.gz" => TempFolder.Gzip(Npy.Of(Table, fortran: true)),
        "stored.npz" => TempFolder.Zip(CompressionLevel.NoCompression, ("X.npy", Npy.Of(Table)), ("y.npy", Npy.Of(Table))),
        "packed.npz" => TempFolder.Zip(CompressionLevel.Optimal, ("X.npy", Npy.Of(Table))),
        "t.parquet" => Parquet(),
        "t.arrow" => Arrow(),
        "t.csv" => Encoding.UTF8.GetBytes(Tables.Csv(Table, "a,b,c")),
        _ => TempFolder.Gzip(Encoding.UTF8.GetBytes(Tables.Csv(Table, "a,b,c"))),
    };

    private string Refusal(string name, byte[] bytes, string damage) =>
        TryRead(name, bytes, damage) ?? throw new InvalidOperationException($"{name} was read in spite of its damage: {damage}");

    private string? TryRead(string name, byte[] bytes, string damage)
    {
        try
        {
            Tables.Read(_folder.Write(name, bytes));
            return null;
        }
        catch (BadInputException refused)
        {
            Assert.DoesNotContain('\n', refused.Message);
            return refused.Message;
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{name}, {damage}: {error.GetType().Name} instead of a sentence", error);
        }
    }
}
