namespace FlowGrain.Tests.Grains.Data.Reading;

/// <summary>
/// However a file is damaged, reading it gives a sentence or the table: never another exception, never a hang, and never a
/// shorter table or another number where the format lets that be known.
/// </summary>
public sealed class DamagedFiles : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // a case takes milliseconds
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => [.. SoundFiles.Names];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Names))]
    public Task A_truncated_file_is_refused_at_every_length(string name) => Truncate(name, cases: 150);

    [Theory, MemberData(nameof(Names))]
    public Task A_flipped_bit_gives_a_sentence_or_the_table(string name) => Flip(name, seed: 7, cases: 150);

    /// <summary>Twelve thousand cases with the next one, at night.</summary>
    [Theory(Explicit = true), MemberData(nameof(Names))]
    public Task Four_hundred_truncations_are_refused(string name) => Truncate(name, cases: 400);

    [Theory(Explicit = true), MemberData(nameof(Names))]
    public Task Six_hundred_flipped_bits_give_sentences_or_the_table(string name) => Flip(name, seed: 8, cases: 600);

    [Fact]
    public async Task A_flipped_bit_in_the_data_of_an_npz_is_noticed()
    {
        var bytes = SoundFiles.Bytes("stored.npz");
        bytes[400] ^= 1;
        Assert.Contains("checksum", await Refusal("stored.npz", bytes, "flip in byte 400"));
    }

    [Theory, InlineData("stream.arrow"), InlineData("packed.arrow")]
    public async Task An_arrow_stream_without_its_last_eight_bytes_says_no_end_and_one_behind_another_is_noticed(string name)
    {
        var bytes = SoundFiles.Bytes(name);
        Assert.Contains("without its end-of-stream marker", await Refusal(name, bytes[..^8], "no end-of-stream marker"));
        Assert.Contains("goes on behind the end of its Arrow stream", await Refusal(name, [.. bytes, .. bytes], "two in one file"));
    }

    [Theory, InlineData("file.arrow"), InlineData("stream.arrow")]
    public async Task A_value_that_a_flipped_bit_makes_a_missing_one_in_an_arrow_file_is_noticed(string name)
    {
        var bytes = SoundFiles.Bytes(name);
        bytes[bytes.AsSpan().IndexOf([(byte)0b1111_0111, (byte)0b0111_1111])] ^= 1; // of fifteen rows the fourth is missing
        Assert.Contains("a column counts 1 missing values and has 2", await Refusal(name, bytes, "flip in the bits of what is missing"));
    }

    [Fact]
    public async Task A_packed_array_that_goes_on_behind_its_shape_is_refused() =>
        Assert.Contains("more bytes than its shape needs", await Refusal("t.npy.gz", TempFolder.Gzip([.. SoundFiles.Bytes("t.npy"), 0]), "a byte too many"));

    [Fact]
    public async Task A_gzip_that_lost_only_its_trailer_is_refused() =>
        Assert.Contains("truncated", await Refusal("t.csv.gz", SoundFiles.Bytes("t.csv.gz")[..^8], "no trailer"));

    [Theory, InlineData("t.csv.gz"), InlineData("t.npy.gz")]
    public async Task A_gzip_that_holds_nonsense_is_named_and_not_what_became_of_its_rows(string name)
    {
        const int Header = 10, Trailer = 8;
        for (var at = Header; at < SoundFiles.Bytes(name).Length - Trailer; at += 3)
        {
            var bytes = SoundFiles.Bytes(name);
            bytes[at] ^= 0x5a;
            Assert.EndsWith("copy it again.", await Refusal(name, bytes, $"flips in byte {at}"));
        }
    }

    private async Task Truncate(string name, int cases)
    {
        var whole = SoundFiles.Bytes(name);
        for (var at = 0; at < cases; at++)
        {
            var damage = $"{(long)at * whole.Length / cases} of {whole.Length} bytes";
            var (rows, refused) = await Read(name, whole[..(int)((long)at * whole.Length / cases)], damage);
            Assert.True(refused is not null || (name == "t.csv" && IsBeginning(rows)), $"{name} gives {rows.Length} rows in spite of its damage: {damage}");
        }
    }

    // A shorter csv is a csv, one of its header alone too, and its last number may be cut.
    private static bool IsBeginning(double[][] rows) => rows.SkipLast(1).Zip(SoundFiles.Rows).All(pair => pair.First.SequenceEqual(pair.Second));

    private async Task Flip(string name, int seed, int cases)
    {
        var random = new Random(seed);
        for (var i = 0; i < cases; i++)
        {
            var bytes = SoundFiles.Bytes(name);
            var at = i % 2 == 0 ? random.Next(Math.Min(128, bytes.Length)) : random.Next(bytes.Length); // heads are short, and decide most
            var bit = random.Next(8);
            bytes[at] ^= (byte)(1 << bit);
            var (rows, refused) = await Read(name, bytes, $"flip of bit {bit} in byte {at}");
            if (refused is null) RequireTable(name, rows, bytes[at], $"{name}, flip of bit {bit} in byte {at}");
        }
    }

    /// <summary>That what was read is the table, as far as the format can know.</summary>
    private static void RequireTable(string name, double[][] rows, byte flipped, string damage)
    {
        if (!IsStream(name)) Assert.True(rows.Length == SoundFiles.Rows.Length, $"{damage}: {rows.Length} rows");
        Assert.True(Changed(rows) <= MostChanged(name, flipped), $"{damage}: {Changed(rows)} other numbers");
    }

    private static int Changed(double[][] rows) => rows.Zip(SoundFiles.Rows).Sum(pair => pair.First.Zip(pair.Second).Count(numbers => !numbers.First.Equals(numbers.Second)));

    /// <summary>How many numbers a flipped bit may change unnoticed: none under a checksum, and the one that it hit without. What parquet and Arrow say of their pages and columns has none either.</summary>
    private static int MostChanged(string name, byte flipped) => Path.GetExtension(name) switch
    {
        ".gz" or ".npz" => 0,
        ".npy" when flipped == '>' => int.MaxValue, // the order of the bytes of all of them
        ".npy" or ".csv" => 1,
        _ => int.MaxValue,
    };

    // A message of a stream may become one of a kind that readers pass over.
    private static bool IsStream(string name) => name is "stream.arrow" or "packed.arrow";

    private async Task<string> Refusal(string name, byte[] bytes, string damage) =>
        (await Read(name, bytes, damage)).Refused ?? throw new InvalidOperationException($"{name} was read in spite of its damage: {damage}");

    private async Task<(double[][] Rows, string? Refused)> Read(string name, byte[] bytes, string damage)
    {
        try
        {
            return (await Task.Run(() => Tables.Read(_folder.Write(name, bytes))).WaitAsync(Patience), null);
        }
        catch (BadInputException refused)
        {
            Assert.DoesNotContain('\n', refused.Message);
            Assert.Contains(name, refused.Message);
            return ([], refused.Message);
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{name}, {damage}: {error.GetType().Name} instead of a sentence", error);
        }
    }
}
