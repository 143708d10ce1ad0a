using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Tests.Flows;
using FlowGrain.Training;
using FlowGrain.Training.Chronicles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>When rounds become durable, on a clock and a disk that the test holds.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeDisk _disk = new();
    private readonly SqliteJournal _journal;
    private readonly GroupCommit _commits;
    private readonly Epoch _claimed;

    public GroupCommitTests()
    {
        var storage = Options.Create(new StorageOptions { Root = _folder.Path });
        _journal = new SqliteJournal(storage, _clock);
        _journal.FindOrAdd("m", new NewRun("hash", "{}", "nsf", 100)).GetAwaiter().GetResult();
        _claimed = _journal.Claim("m", 1).GetAwaiter().GetResult();
        var prepared = new PreparedRun(TestFlows.Spec("nsf", 2), null!, null!, null!, null!, From: null, []);
        var parts = new RunParts("m", 1, _claimed, null!, prepared, [_disk], "class", "silo");
        var snapshots = new SnapshotStore(storage);
        var chronicle = Chronicle.Open(new ChronicleFile(snapshots, NullLogger<ChronicleFile>.Instance), "m", 1, _clock).GetAwaiter().GetResult();
        _commits = new GroupCommit(parts, new RoundLog(snapshots.FolderOf("m", 1), _claimed, []), chronicle, snapshots, new CheckpointQuota(storage, _journal, snapshots, NullLogger<CheckpointQuota>.Instance), _journal, _clock);
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Within_a_second_nothing_is_written()
    {
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        await _commits.AtBoundary(At(5));
        Assert.Empty(_disk.Frozen);
    }

    [Fact]
    public async Task After_a_second_the_round_becomes_durable_beside_the_training()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _disk.Hold();
        await _commits.AtBoundary(At(5)); // returns though the disk does not
        Assert.Equal([5L], _disk.Frozen);
        Assert.Empty(await Durable());
        await Written();
        Assert.Equal([5L], await Durable());
    }

    [Fact]
    public async Task While_one_group_is_written_training_goes_on_for_two_intervals_and_then_waits()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _disk.Hold();
        await _commits.AtBoundary(At(5));
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        await _commits.AtBoundary(At(6));
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        var waiting = _commits.AtBoundary(At(7));
        Assert.False(waiting.IsCompleted);
        Assert.Equal([5L], _disk.Frozen);
        _disk.Release();
        await waiting;
        Assert.Equal([5L, 7], _disk.Frozen);
        await _commits.Settled();
    }

    [Fact]
    public async Task A_slow_disk_is_written_to_less_often()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _disk.Hold();
        await _commits.AtBoundary(At(5));
        _clock.Advance(TimeSpan.FromSeconds(0.5)); // the write takes half a second: the interval becomes ten
        await Written();
        _clock.Advance(TimeSpan.FromSeconds(9.4));
        await _commits.AtBoundary(At(6));
        Assert.Equal([5L], _disk.Frozen);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        await _commits.AtBoundary(At(7));
        Assert.Equal([5L, 7], _disk.Frozen);
        await _commits.Settled();
    }

    [Fact]
    public async Task At_the_end_everything_is_durable_when_it_returns()
    {
        await _commits.Now(At(9));
        Assert.Equal([9L], await Durable());
    }

    [Fact]
    public async Task A_round_that_is_durable_already_is_not_written_again()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _commits.AtBoundary(At(9));
        await _commits.Now(At(9));
        Assert.Equal([9L], _disk.Frozen);
        Assert.Equal([9L], await Durable());
    }

    [Fact]
    public async Task A_disk_that_fails_ends_the_run_at_the_next_boundary_with_its_reason()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _disk.Failure = new IOException("No space left on device");
        await _commits.AtBoundary(At(5));
        await _commits.Settled();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<IOException>(() => _commits.AtBoundary(At(6)));
        Assert.Contains("No space", error.Message);
        Assert.Empty(await Durable());
    }

    [Fact]
    public async Task A_run_that_another_activation_took_over_commits_nothing()
    {
        await _journal.Claim("m", 1);
        await Assert.ThrowsAsync<StaleEpochException>(() => _commits.Now(At(5)));
        Assert.Empty(await Durable());
    }

    private static RunState At(long round) => new() { Round = round };

    private async Task Written()
    {
        _disk.Release();
        await _commits.Settled();
    }

    private async Task<IEnumerable<long>> Durable() => (await _journal.Snapshots("m", 1)).Select(snapshot => snapshot.Round);

    /// <summary>An aggregator of which only the disk matters.</summary>
    private sealed class FakeDisk : IAggregatorGrain
    {
        private TaskCompletionSource _free = Freed();

        internal List<long> Frozen { get; } = [];

        internal Exception? Failure { get; set; }

        internal void Hold() => _free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Release() => _free.TrySetResult();

        public Task Freeze(Epoch epoch, long round)
        {
            Frozen.Add(round);
            return Task.CompletedTask;
        }

        public async Task<SnapshotPart> WriteFrozen(Epoch epoch, string file)
        {
            await _free.Task;
            return Failure is null ? SnapshotFile.Write(file, new RangeSnapshot(new ParameterRange(0, 4), new float[20], Frozen[^1])) : throw Failure;
        }

        public Task<RangeHashes> Open(AggregatorOpening opening) => throw new NotSupportedException();

        public Task<Block<float>> Weights(Epoch epoch, long round, WeightKind kind, int chunk) => throw new NotSupportedException();

        public Task<RangeHashes> Hashes(Epoch epoch, long round, WeightKind kind) => throw new NotSupportedException();

        public Task<SubmitReply> Submit(PartialSum sum) => throw new NotSupportedException();

        public Task<ReducedRound?> Reduced(Epoch epoch, long round) => throw new NotSupportedException();

        public Task<ImmutableArray<int>> Missing(Epoch epoch, long round) => throw new NotSupportedException();

        public Task<RangeHashes> Apply(Epoch epoch, RoundStep step) => throw new NotSupportedException();

        public Task KeepBest(Epoch epoch, long round) => throw new NotSupportedException();

        public Task Close(Epoch epoch) => throw new NotSupportedException();

        private static TaskCompletionSource Freed()
        {
            var free = new TaskCompletionSource();
            free.SetResult();
            return free;
        }
    }
}
