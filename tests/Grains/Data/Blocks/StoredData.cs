using System.Runtime.CompilerServices;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Tests.Grains.Serving;
using FlowGrain.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Data.Blocks;

public sealed class StoredData : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _path;
    private readonly string _stored;

    public StoredData()
    {
        _path = _folder.Write("t.npy", Npy.Of(Tables.Normal(1000, 2)));
        using var data = Tables.Import(_folder, Tables.All(_path));
        _stored = data.Folder;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_data_set_passes_its_check()
    {
        using var data = Tables.Store(_folder).Open(Path.GetFileName(_stored));
        data.Verify();
        Assert.Equal(2000, data.Block(0).Length);
        Assert.Equal(["block-00000.f32", "manifest.json", "selection.json", "sources.json", "use"], Directory.GetFiles(_stored).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Rows_that_nobody_reads_any_more_are_unmapped()
    {
        var storage = Options.Create(new StorageOptions { Root = _folder.Path });
        var source = new TrainingDataSource(storage, new DatasetQuota(storage, new NeededData(storage), NullLogger<DatasetQuota>.Instance), TimeProvider.System);
        Directory.Move(_folder.In("store"), _folder.In("data"));
        var rows = new TrainingRows(Path.GetFileName(_stored), 0, 0.1, 0.1);
        ReadAndForget(source, rows);
        Collect();
        Assert.DoesNotContain("block-00000.f32", Maps());

        var data = source.Get(rows);
        source.Release(rows); // the run is over, but a worker still reads
        Collect();
        Assert.Contains("block-00000.f32", Maps());
        data.Split.Gather(RowSide.Train, 0, 1, new double[2]);
        GC.KeepAlive(data);
    }

    [Theory]
    [InlineData("block-00000.f32", "has 11999 bytes instead of 12000")]
    [InlineData("manifest.json", "not readable as JSON")]
    public void A_shortened_part_is_named(string file, string says)
    {
        var bytes = File.ReadAllBytes(Path.Combine(_stored, file));
        File.WriteAllBytes(Path.Combine(_stored, file), bytes[..^1]);
        Refused(says);
    }

    [Theory]
    [InlineData(4000)] // in a number
    [InlineData(9000)] // in a key, which decides the side of a row
    public void A_flipped_bit_in_a_block_is_found_before_a_row_of_it_trains(int at)
    {
        Flip("block-00000.f32", at, 1);
        using var data = Dataset.Open(_stored);
        var error = Assert.Throws<BadInputException>(() => Split.Of(data, new SplitFractions(0, 0.1, 0)));
        Assert.Contains("hash of block-00000.f32", error.Message);
    }

    [Fact]
    public void Importing_again_mends_a_flipped_bit()
    {
        var whole = File.ReadAllBytes(Path.Combine(_stored, "block-00000.f32"));
        Flip("block-00000.f32", 4000, 1);
        using var data = Tables.Import(_folder, Tables.All(_path));
        Assert.Equal(whole, File.ReadAllBytes(Path.Combine(_stored, "block-00000.f32")));
    }

    [Fact]
    public void An_edited_manifest_is_refused()
    {
        var manifest = Path.Combine(_stored, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"dimension\": 2", "\"dimension\": 1"));
        Refused("does not match its own hash");
    }

    [Fact]
    public void A_missing_manifest_or_data_set_is_named()
    {
        File.Delete(Path.Combine(_stored, "manifest.json"));
        Refused("manifest.json is missing");
        Assert.Contains("no data set 'abc'", Assert.Throws<BadInputException>(() => Tables.Store(_folder).Open("abc")).Message);
    }

    [Fact]
    public void Importing_again_mends_what_is_damaged()
    {
        File.Delete(Path.Combine(_stored, "block-00000.f32"));
        using var data = Tables.Import(_folder, Tables.All(_path));
        data.Verify();
        Assert.Equal(_stored, data.Folder);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(3, 5)]
    [InlineData(6, 7)]
    [InlineData(11, 3)]
    public void A_row_is_offset_plus_scale_times_what_is_stored_to_the_last_bit(int width, int count)
    {
        using var data = Tables.Import(_folder, Tables.Normal(200, width));
        var rows = new double[(count * width) + 3];
        Array.Fill(rows, 7);
        data.Gather([.. Enumerable.Range(0, count).Select(i => new RowPlace(0, 199 - i))], rows);
        for (var i = 0; i < count * width; i++)
        {
            var (column, stored) = (data.Manifest.Columns[i % width], data.Block(0)[((199 - (i / width)) * width) + (i % width)]);
            Assert.Equal(column.Offset + (column.Scale * stored), rows[i]);
        }

        Assert.All(rows[^3..], untouched => Assert.Equal(7, untouched));
    }

    [Fact]
    public void Whatever_is_wrong_in_a_manifest_is_a_sentence()
    {
        var path = Path.Combine(_stored, Manifest.FileName);
        foreach (var damaged in DamagedJson.Of(File.ReadAllText(path)))
        {
            File.WriteAllText(path, damaged);
            var error = Record.Exception(() => Dataset.Open(_stored).Dispose());
            Assert.True(error is null or BadInputException, $"{error}\n{damaged}");
            Assert.Null(Record.Exception(() => DatasetFolder.IsOf(_stored, "another")));
        }
    }

    [Fact]
    public void Rows_outside_the_data_set_are_refused()
    {
        using var data = Dataset.Open(_stored);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.ReadRows(999, 2, new double[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.ReadRows(-1, 1, new double[4]));
    }

    [Fact]
    public void A_closed_data_set_says_so()
    {
        var data = Dataset.Open(_stored);
        data.Dispose();
        Assert.Throws<ObjectDisposedException>(() => data.ReadRows(0, 1, new double[2]));
    }

    private void Refused(string says) =>
        Assert.Contains(says, Assert.Throws<BadInputException>(() => Dataset.Open(_stored)).Message);

    private void Flip(string file, int at, byte bit)
    {
        var bytes = File.ReadAllBytes(Path.Combine(_stored, file));
        bytes[at] ^= bit;
        File.WriteAllBytes(Path.Combine(_stored, file), bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // or a register may keep the data alive
    private void ReadAndForget(TrainingDataSource source, TrainingRows rows)
    {
        Assert.Same(source.Get(rows), source.Get(rows));
        Assert.Contains("block-00000.f32", Maps());
    }

    private static void Collect()
    {
        GC.Collect(GC.MaxGeneration);
        GC.WaitForPendingFinalizers();
    }

    private string Maps() => string.Join('\n', File.ReadLines("/proc/self/maps").Where(line => line.Contains(_folder.Path)));
}
