using FlowGrain.Cluster;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Training;

public sealed class SnapshotStoreTests : IDisposable
{
    private static readonly Epoch Epoch = new(7, Guid.Parse("11111111-2222-3333-4444-555555555555"));

    private readonly TempFolder _folder = new();
    private readonly SnapshotStore _store;

    public SnapshotStoreTests() => _store = new SnapshotStore(Options.Create(new StorageOptions { Root = _folder.Path }));

    private string RunFolder => Path.Combine(_folder.Path, "runs", "m", "1");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_snapshot_comes_back_with_its_state_and_its_bits()
    {
        var committed = Write(round: 30);
        var snapshot = _store.Open("m", 1, committed, "hash")!;
        Assert.Equal((30L, 40L, 0.5, "r00000030.e7"), (snapshot.State.Round, snapshot.State.Steps, snapshot.State.Stopping.Best, committed.Name));
        var range = SnapshotFile.Read([Path.Combine(_store.PathOf("m", 1, committed.Name), "range-00.bin")], One);
        Assert.Equal(Values, range.Values);
        Assert.Equal(29, range.OptimizerSteps);
    }

    [Fact]
    public void A_snapshot_that_is_torn_anywhere_is_not_opened()
    {
        foreach (var file in new[] { "range-00.bin", "manifest.json" })
        {
            Damaged(file, bytes => bytes[..^1]);
            Damaged(file, _ => []);
            Damaged(file, bytes => [.. bytes, 0]);
            Damaged(file, bytes => [.. bytes[..^3], (byte)(bytes[^3] ^ 1), .. bytes[^2..]]);
            Damaged(file, _ => null);
        }
    }

    [Fact]
    public void What_is_no_longer_needed_and_what_a_crash_left_half_written_goes()
    {
        CommittedSnapshot[] written = [Write(10), Write(20), Write(30)];
        File.WriteAllBytes(Path.Combine(_store.Begin("m", 1, 40, Epoch), "range-00.bin"), [1, 2, 3]);
        _store.Keep("m", 1, Epoch, written[1..]);
        Assert.Equal(["r00000020.e7", "r00000030.e7"], Directory.EnumerateDirectories(RunFolder).Select(path => Path.GetFileName(path)).Order());
        Assert.NotNull(_store.Open("m", 1, written[2], "hash"));
    }

    [Fact]
    public void Who_was_halted_and_wakes_leaves_what_its_successor_has_made()
    {
        var own = Write(10);
        Write(20);
        var earlier = new Epoch(Epoch.Number - 1, Guid.NewGuid());
        _store.Keep("m", 1, earlier, [own]);
        var writing = _store.Begin("m", 1, 30, Epoch);
        _store.Begin("m", 1, 5, earlier);
        Assert.True(Directory.Exists(writing));
        Assert.Contains("r00000020.e7", Directory.EnumerateDirectories(RunFolder).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Until_it_is_sealed_a_snapshot_has_no_name()
    {
        _store.Begin("m", 1, 10, Epoch);
        Assert.StartsWith(".tmp-", Path.GetFileName(Assert.Single(Directory.EnumerateDirectories(RunFolder))));
    }

    [Fact]
    public void A_snapshot_that_never_reached_the_journal_is_written_again()
    {
        var first = Write(10);
        Assert.Equal(first, Write(10));
        Assert.NotNull(_store.Open("m", 1, first, "hash"));
    }

    [Fact]
    public void A_file_of_something_else_is_no_snapshot()
    {
        Assert.Throws<InvalidDataException>(() => SnapshotFile.Read([_folder.Write("a", "short")], One));
        Assert.Throws<InvalidDataException>(() => SnapshotFile.Read([_folder.Write("b", new string('x', 1000))], One));
    }

    [Fact]
    public void The_state_is_read_from_the_manifest_alone()
    {
        var committed = Write(10);
        File.Delete(Path.Combine(_store.PathOf("m", 1, committed.Name), "range-00.bin"));
        Assert.Equal((10L, 0.5), (_store.ReadState("m", 1, committed)!.Round, _store.ReadState("m", 1, committed)!.Stopping.Best));
        Assert.Null(_store.Open("m", 1, committed, "hash"));
        File.AppendAllText(Path.Combine(_store.PathOf("m", 1, committed.Name), "manifest.json"), " ");
        Assert.Null(_store.ReadState("m", 1, committed));
    }

    [Fact]
    public void A_snapshot_of_another_flow_is_not_damaged_but_refused()
    {
        var committed = Write(10);
        Assert.NotNull(_store.Open("m", 1, committed, "hash"));
        var refused = Assert.Throws<BadInputException>(() => _store.Open("m", 1, committed, "another"));
        Assert.StartsWith($"The checkpoint '{Path.Combine(RunFolder, committed.Name)}' is of another version of FlowGrain, or of another flow", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_does_not_answer_is_not_taken_for_a_damaged_snapshot()
    {
        var committed = Write(10);
        foreach (var file in new[] { "range-00.bin", "manifest.json" })
        {
            var path = Path.Combine(RunFolder, committed.Name, file);
            File.Delete(path);
            Directory.CreateDirectory(path); // whose bytes nobody gets, though it is there
            var silent = Assert.Throws<IOException>(() => _store.Open("m", 1, committed, "hash"));
            Assert.Matches("^The checkpoint '.+r00000010.e7' cannot be read \\(.+\\); mend that, and 'flowgrain runs resume m' goes on from it\\.$", silent.Message);
        }

        Assert.Null(_store.ReadState("m", 1, committed)); // a question about progress does without
    }

    [Fact]
    public void The_newest_epoch_is_that_of_any_file_in_any_version()
    {
        Assert.Equal(0, _store.NewestEpoch("m"));
        Write(10);
        Assert.Equal(7, _store.NewestEpoch("m"));
        Directory.CreateDirectory(_folder.In("runs/m/2"));
        _folder.Write("runs/m/2/rounds.e12.csv", "");
        Assert.Equal(12, _store.NewestEpoch("m"));
        _store.Begin("m", 1, 20, new Epoch(13, Guid.NewGuid()));
        _folder.Write("runs/m/2/notes.extra", "");
        Assert.Equal(13, _store.NewestEpoch("m"));
    }

    [Fact]
    public void A_snapshot_keeps_the_device_class_that_computed_it() =>
        Assert.Equal("class", _store.Open("m", 1, Write(10), "hash")!.DeviceClass);

    [Fact]
    public void A_manifest_of_another_format_is_not_read()
    {
        var folder = _store.Begin("m", 1, 10, Epoch);
        var (name, sha256) = _store.Seal(folder, "m", 1, Epoch, new Snapshot(1, "hash", Epoch.Number, new RunState(), []) { DeviceClass = "class", Rounds = [] });
        Assert.Null(_store.ReadState("m", 1, new CommittedSnapshot(10, name, sha256, null)));
        Assert.Throws<BadInputException>(() => _store.Open("m", 1, new CommittedSnapshot(10, name, sha256, null), "hash"));
    }

    [Fact]
    public void On_a_full_disk_nothing_of_a_snapshot_stays()
    {
        using var disk = new SmallDisk(kilobytes: 256);
        var store = new SnapshotStore(Options.Create(new StorageOptions { Root = disk.Path }));
        var folder = store.Begin("m", 1, 10, Epoch);
        var full = Assert.Throws<DiskFullException>(() => SnapshotFile.Write(Path.Combine(folder, "range-00.bin"), new RangeSnapshot(new ParameterRange(0, 20_000), new float[100_000], 1)));
        Assert.Contains($"'{disk.In("runs/m/1")}'", full.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));

        var part = SnapshotFile.Write(Path.Combine(folder, "range-00.bin"), new RangeSnapshot(new ParameterRange(0, 4_000), new float[20_000], 1));
        disk.Fill();
        Assert.Throws<DiskFullException>(() => store.Seal(folder, "m", 1, Epoch, new Snapshot(Snapshot.CurrentFormat, "hash", 7, new RunState { Round = 10 }, [part]) { DeviceClass = "class", Rounds = [] }));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_snapshot_begun_after_one_that_was_not_sealed_removes_what_is_left_of_it()
    {
        File.WriteAllBytes(Path.Combine(_store.Begin("m", 1, 10, Epoch), "range-00.bin"), [1, 2, 3]);
        var folder = _store.Begin("m", 1, 20, Epoch);
        Assert.Equal([folder], Directory.EnumerateDirectories(RunFolder));
    }

    [Fact]
    public void Ranges_that_are_cut_otherwise_find_their_state_in_the_files()
    {
        float[] whole = [.. Enumerable.Range(0, 5 * 100).Select(i => (float)i)]; // five buffers of a hundred
        var files = new[] { new ParameterRange(0, 30), new ParameterRange(30, 70) }.Select(range =>
        {
            var path = _folder.In($"range-{range.Offset}");
            SnapshotFile.Write(path, new RangeSnapshot(range, Slice(range), 3));
            return path;
        }).ToList();
        foreach (var range in new[] { new ParameterRange(0, 100), new ParameterRange(0, 50), new ParameterRange(50, 50), new ParameterRange(29, 2) })
        {
            var read = SnapshotFile.Read(files, range);
            Assert.Equal(Slice(range), read.Values);
            Assert.Equal(3, read.OptimizerSteps);
        }

        Assert.Contains("70 of 100 parameters", Assert.Throws<InvalidDataException>(() => SnapshotFile.Read(files[1..], new ParameterRange(0, 100))).Message);

        float[] Slice(ParameterRange range) => [.. Enumerable.Range(0, 5).SelectMany(buffer => whole[(buffer * 100 + range.Offset)..(buffer * 100 + range.Offset + range.Length)])];
    }

    private static ParameterRange One => new(0, 1);

    private static float[] Values => [1.5f, -0f, float.Epsilon, 3e38f, -7];

    private CommittedSnapshot Write(long round)
    {
        var folder = _store.Begin("m", 1, round, Epoch);
        var part = SnapshotFile.Write(Path.Combine(folder, "range-00.bin"), new RangeSnapshot(One, Values, round - 1));
        var state = new RunState { Round = round, Steps = 40, Stopping = new(0.5, 25, 1) };
        var (name, sha256) = _store.Seal(folder, "m", 1, Epoch, new Snapshot(Snapshot.CurrentFormat, "hash", Epoch.Number, state, [part]) { DeviceClass = "class", Rounds = [] });
        return new CommittedSnapshot(round, name, sha256, 0.5);
    }

    private void Damaged(string file, Func<byte[], byte[]?> damage)
    {
        var committed = Write(10);
        var path = Path.Combine(_store.PathOf("m", 1, committed.Name), file);
        var damaged = damage(File.ReadAllBytes(path));
        File.Delete(path);
        if (damaged is not null) File.WriteAllBytes(path, damaged);
        Assert.Null(_store.Open("m", 1, committed, "hash"));
    }
}
