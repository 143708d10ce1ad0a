using FlowGrain.Data;
using FlowGrain.Storage;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Data.Blocks;

public sealed class Importing : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_come_back_in_the_units_of_the_source_to_float32_of_the_deviation()
    {
        var table = Tables.Normal(70_000, 3);
        using var data = Tables.Import(_folder, table);
        Assert.Equal((70_000, 3, 2), (data.Rows, data.Width, data.Blocks));

        var rows = new double[70_000 * 3];
        data.ReadRows(0, 70_000, rows);
        var worst = Enumerable.Range(0, rows.Length).Max(i => Math.Abs(rows[i] - table[i / 3, i % 3]));
        Assert.InRange(worst, 0, 5e-7);
    }

    [Fact]
    public void A_timestamp_keeps_its_digits()
    {
        using var data = Tables.Import(_folder, Tables.All(_folder.Write("t.csv", "t\n" + string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"17000{i:00000}.5")))));
        var rows = new double[1000];
        data.ReadRows(0, 1000, rows);
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(1_700_000_000.5 + i, rows[i], 1e-4));
    }

    [Fact]
    public void The_manifest_tells_what_the_data_is()
    {
        var path = _folder.Write("t.csv", "a,c,b\n1,10,5\n2,30,4\n3,20,9\nNA,1,1\n");
        using var data = Tables.Import(_folder, new DataSelection(path, ["b"], ["a"], MissingRows.Drop));
        var manifest = data.Manifest;

        Assert.Equal(("t.csv", 3, 1, 1, 1), (manifest.Source, manifest.Rows, manifest.DroppedRows, manifest.Dimension, manifest.ContextDimension));
        Assert.Equal(["b", "a"], manifest.Columns.Select(column => column.Name));
        Assert.Equal((6, 4, 9), (manifest.Columns[0].Offset, manifest.Columns[0].Min, manifest.Columns[0].Max));
        Assert.Equal(Math.Sqrt(2 / 3.0), manifest.Columns[1].Deviation, 1e-15);
        Assert.Equal((1, 3, true), (manifest.Columns[1].Missing, manifest.Columns[1].Distinct, manifest.Columns[1].IsWhole));
        Assert.Equal(File.ReadAllBytes(Path.Combine(data.Folder, "manifest.json")), manifest.ToJson());
    }

    [Fact]
    public void Dropping_rows_is_asked_for_and_counted()
    {
        var path = _folder.Write("t.csv", "a,b\n1,2\n,3\n4,inf\n5,9\n7,1\n8,8\n");
        using var data = Tables.Import(_folder, Tables.All(path, MissingRows.Drop));
        Assert.Equal((4, 2), (data.Rows, data.Manifest.DroppedRows));
        Assert.Equal([new(2, "a", "missing"), new(3, "b", "inf")], data.Manifest.LeftOut!.Value);
    }

    [Fact]
    public void A_row_without_any_value_is_left_out_for_its_first_column()
    {
        var path = _folder.Write("t.csv", "a,b,c\n1,2,9\n,,3\n4,5,8\n5,9,2\n7,,1\n8,8,5\n");
        using var data = Tables.Import(_folder, new DataSelection(path, ["a", "b"], ["c"], MissingRows.Mask));
        Assert.Equal([new(2, "a", "missing")], data.Manifest.LeftOut!.Value);
    }

    [Fact]
    public void Of_many_rows_left_out_the_first_thousand_are_listed()
    {
        var path = _folder.Write("t.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 1500).Select(row => $"{row}.5,\n{row * row},{row}\n")));
        using var data = Tables.Import(_folder, Tables.All(path, MissingRows.Drop));
        Assert.Equal((1500, 1500), (data.Rows, data.Manifest.DroppedRows));
        Assert.Equal(Enumerable.Range(0, 1000).Select(row => new LeftOutRow(1 + 2 * row, "b", "missing")), data.Manifest.LeftOut!.Value);
        Assert.Equal(data.Manifest.Root, data.Manifest.ComputeRoot());
    }

    [Fact]
    public void Importing_again_opens_the_same_folder_without_reading_the_file()
    {
        var path = _folder.Write("t.csv", Tables.Csv(Tables.Normal(100, 2), "a,b"));
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        var read = new List<ReadingProgress>();
        using var first = Tables.Import(_folder, Tables.All(path));
        using var second = Tables.Store(_folder).Import(Tables.All(path), new Recorder(read), Tables.Cancellation);
        Assert.Equal(first.Folder, second.Folder);
        Assert.Empty(read);
        Assert.Single(Directory.GetFiles(_folder.In("store/sources")));
    }

    [Fact]
    public void Naming_every_column_is_the_same_data_set_as_naming_none()
    {
        var path = _folder.Write("t.csv", Tables.Csv(Tables.Normal(100, 2), "a,b"));
        using var all = Tables.Import(_folder, Tables.All(path));
        using var named = Tables.Import(_folder, Tables.Of(path, "a", "b"));
        using var other = Tables.Import(_folder, Tables.Of(path, "b", "a"));
        Assert.Equal(all.Folder, named.Folder);
        Assert.NotEqual(all.Manifest.Root, other.Manifest.Root);
    }

    [Fact]
    public void The_root_knows_the_content_and_not_the_name()
    {
        var text = Tables.Csv(Tables.Normal(100, 2), "a,b");
        using var one = Tables.Import(_folder, Tables.All(_folder.Write("one.csv", text)));
        using var elsewhere = new DatasetStore(_folder.In("other"), TimeProvider.System).Import(Tables.All(_folder.Write("two.csv", text)), null, Tables.Cancellation);
        using var changed = Tables.Import(_folder, Tables.All(_folder.Write("one.csv", text + "0.5,0.5\n")));
        Assert.Equal(one.Manifest.Root, elsewhere.Manifest.Root);
        Assert.NotEqual(one.Manifest.Root, changed.Manifest.Root);
    }

    [Fact]
    public void A_change_within_the_grain_of_the_file_clock_is_noticed()
    {
        var path = _folder.Write("t.csv", "a\n1\n2\n");
        var clock = new FakeTimeProvider(new DateTimeOffset(File.GetLastWriteTimeUtc(path)));
        var store = new DatasetStore(_folder.In("store"), clock);
        using var before = store.Import(Tables.All(path), null, Tables.Cancellation);

        var stamp = File.GetLastWriteTimeUtc(path);
        _folder.Write("t.csv", "a\n1\n3\n");
        File.SetLastWriteTimeUtc(path, stamp);
        using var after = store.Import(Tables.All(path), null, Tables.Cancellation);
        Assert.Equal(3, after.Manifest.Columns[0].Max);
    }

    [Fact]
    public void A_cancelled_import_leaves_nothing_behind()
    {
        var path = _folder.Write("t.npy", Npy.Of(Tables.Normal(70_000, 2)));
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Tables.Store(_folder).Import(Tables.All(path), new StopAt(stop, 0.9), stop.Token));
        RequireNothingLeft();
    }

    [Fact]
    public void What_a_killed_import_left_is_swept_and_a_living_one_is_not()
    {
        var dead = Directory.CreateDirectory(_folder.In("store/.staging-dead")).FullName;
        File.WriteAllText(Path.Combine(dead, "lock"), "");
        Directory.SetLastWriteTimeUtc(dead, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-2));
        var young = Directory.CreateDirectory(_folder.In("store/.staging-young")).FullName;
        File.WriteAllText(Path.Combine(young, "lock"), ""); // its owner is about to lock it
        using var living = StagingFolder.Create(_folder.In("store"), TimeProvider.System);
        using var data = Tables.Import(_folder, Tables.Normal(100, 2));
        Assert.False(Directory.Exists(dead));
        Assert.True(Directory.Exists(living.Path));
        Assert.True(Directory.Exists(young));
    }

    [Fact]
    public async Task Many_imports_of_one_file_at_once_give_one_data_set()
    {
        var path = _folder.Write("t.npy", Npy.Of(Tables.Normal(20_000, 2)));
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Tables.Import(_folder, Tables.All(path)), Tables.Cancellation)));
        Assert.Single(all.Select(data => data.Folder).Distinct());
        Assert.Single(Directory.GetDirectories(_folder.In("store")), folder => Path.GetFileName(folder) != "sources");
        foreach (var data in all) data.Dispose();
    }

    [Fact]
    public void Progress_rises_to_the_end()
    {
        var path = _folder.Write("t.csv", Tables.Csv(Tables.Normal(70_000, 2)));
        var seen = new List<ReadingProgress>();
        using var data = Tables.Store(_folder).Import(Tables.All(path), new Recorder(seen), Tables.Cancellation);
        Assert.Equal(new(70_000, new FileInfo(path).Length, 1), seen[^1]);
        Assert.Equal(seen.Select(progress => progress.Fraction).Order(), seen.Select(progress => progress.Fraction));
        Assert.InRange(seen.Count, 6, 1000);
    }

    [Fact]
    public void A_store_on_a_full_disk_says_so_and_nothing_stays_there()
    {
        using var disk = new SmallDisk(kilobytes: 512);
        var path = _folder.Write("t.npy", Npy.Of(Tables.Normal(70_000, 2)));
        var full = Assert.Throws<DiskFullException>(() => new DatasetStore(disk.Path, TimeProvider.System).Import(Tables.All(path), null, Tables.Cancellation));
        Assert.Equal($"The disk that holds '{disk.Path}' is full; free some space and run the same command again.", full.Message);
        Assert.DoesNotContain(Directory.GetDirectories(disk.Path), folder => Path.GetFileName(folder) != "sources");
    }

    [Fact]
    public void A_forbidden_folder_is_a_sentence()
    {
        var forbidden = StorageFault.Sentence("/store", "t.csv", new UnauthorizedAccessException());
        Assert.Contains("may not be written", forbidden.Message);
    }

    [Fact]
    public void A_store_that_is_no_folder_is_a_sentence()
    {
        var path = _folder.Write("t.csv", "a\n1\n2\n");
        var refused = Assert.Throws<BadInputException>(() => new DatasetStore(path, TimeProvider.System).Import(Tables.All(path), null, Tables.Cancellation));
        Assert.Contains("'t.csv' could not be imported", refused.Message);
    }

    [Fact]
    public void A_file_that_changes_under_the_import_is_refused()
    {
        var path = _folder.Write("t.csv", Tables.Csv(Tables.Normal(1000, 2), "a,b"));
        var refused = Assert.Throws<BadInputException>(() => Tables.Store(_folder).Import(Tables.All(path), new Appender(path), Tables.Cancellation));
        Assert.Contains("'t.csv' was changed while it was being read", refused.Message);
        RequireNothingLeft();
    }

    private void RequireNothingLeft() =>
        Assert.DoesNotContain(Directory.GetDirectories(_folder.In("store")), folder => Path.GetFileName(folder) != "sources");

    private sealed class Appender(string path) : IProgress<ReadingProgress>
    {
        public void Report(ReadingProgress value) => File.AppendAllText(path, "1,2\n");
    }

    private sealed class Recorder(List<ReadingProgress> seen) : IProgress<ReadingProgress>
    {
        public void Report(ReadingProgress value) => seen.Add(value);
    }

    private sealed class StopAt(CancellationTokenSource stop, double fraction) : IProgress<ReadingProgress>
    {
        public void Report(ReadingProgress value)
        {
            if (value.Fraction >= fraction) stop.Cancel();
        }
    }
}
