using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Silence says nothing: whoever hears of nobody for two minutes leaves a run as it is, and no run fails of it.</summary>
public sealed class RunWorkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_whose_journal_is_silent_at_a_commit_is_under_way_still_and_goes_on_to_the_bits_of_an_undisturbed_one()
    {
        using var folder = new TempFolder();
        using var journal = new SqliteJournal(Options.Create(new StorageOptions { Root = folder.In("home") }), TimeProvider.System);
        var silence = new UncertainJournal(journal);
        await using var embedded = await EmbeddedFixture.Start(folder: folder, parts: services => services.AddSingleton<IRunJournal>(silence).AddSingleton(new GoingOn(ByItself: true)));
        var undisturbed = await embedded.Train("calm", embedded.Plan());

        silence.IsNext = true;
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(), Cancellation);
        var left = await EmbeddedFixture.Until(run, progress => progress.Phase is not (RunPhase.Preparing or RunPhase.Training));
        Assert.Equal((RunPhase.Stopped, null), (left.Phase, left.Failure)); // nobody works on it
        Assert.Equal(RunPhase.Training, (await journal.Newest("m"))!.Phase); // and it should be worked on

        await run.GoOn(); // as RunRevival does every minute
        await EmbeddedFixture.Until(run, progress => progress.Phase == RunPhase.Finished);
        Assert.Equal(undisturbed.WeightsSha256, (await run.Result())!.WeightsSha256);
    }

    [Fact]
    public async Task A_stop_is_kept_while_the_journal_writes_it_down_whoever_would_have_the_run_go_on_meanwhile()
    {
        using var folder = new TempFolder();
        using var sqlite = new SqliteJournal(Options.Create(new StorageOptions { Root = folder.In("home") }), TimeProvider.System);
        var journal = new UncertainJournal(sqlite) { IsNext = true };
        await using var embedded = await EmbeddedFixture.Start(folder: folder, parts: services => services.AddSingleton<IRunJournal>(journal).AddSingleton(new GoingOn(ByItself: true)));
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(), Cancellation);
        await EmbeddedFixture.Until(run, progress => progress.Phase is not (RunPhase.Preparing or RunPhase.Training)); // and under way, as between two silos

        var (writes, written) = (new TaskCompletionSource(), new TaskCompletionSource());
        journal.AtStop = () =>
        {
            writes.SetResult();
            return written.Task;
        };
        var stopping = run.Stop();
        await writes.Task.WaitAsync(Cancellation);
        await run.GoOn(); // as the silo that is woken next asks
        written.SetResult();
        Assert.Equal(RunPhase.Stopped, (await stopping).Phase);
        Assert.Equal(RunPhase.Stopped, (await sqlite.Newest("m"))!.Phase);
    }

    [Theory, InlineData(nameof(IShardLeases.Lease)), InlineData(nameof(IShardLeases.Beat)), InlineData(nameof(ISlotsGrain.Share))]
    public async Task A_worker_that_hears_nothing_leaves_and_a_run_without_news_of_its_slots_asks_again(string call)
    {
        await using var embedded = await EmbeddedFixture.Start(parts: services => services.AddSingleton<IOutgoingGrainCallFilter>(new SilentCall(call)));
        Assert.Equal(30, (await embedded.Train("m", embedded.Plan())).Steps);
    }

    private static ClusterUnreachableException Silence => new(new TimeoutException("no answer"));

    /// <summary>The first call of a method is not answered for two minutes.</summary>
    private sealed class SilentCall(string method) : IOutgoingGrainCallFilter
    {
        private int _calls;

        public Task Invoke(IOutgoingGrainCallContext context) =>
            context.MethodName == method && Interlocked.Increment(ref _calls) == 1 ? Task.FromException(Silence) : context.Invoke();
    }

    /// <summary>A journal that does not answer one commit for two minutes, and takes its time for a stop.</summary>
    private sealed class UncertainJournal(IRunJournal journal) : IRunJournal
    {
        internal bool IsNext { get; set; }

        internal Func<Task> AtStop { get; set; } = () => Task.CompletedTask;

        public Task<ImmutableArray<CommittedSnapshot>> Commit(string run, int version, Epoch epoch, CommittedSnapshot snapshot)
        {
            if (!IsNext) return journal.Commit(run, version, epoch, snapshot);
            IsNext = false;
            return Task.FromException<ImmutableArray<CommittedSnapshot>>(Silence);
        }

        public Task<RunEntry> FindOrAdd(string run, NewRun plan) => journal.FindOrAdd(run, plan);

        public Task<RunEntry?> Newest(string run) => journal.Newest(run);

        public Task<RunEntry?> Version(string run, int version) => journal.Version(run, version);

        public Task<ImmutableArray<RunEntry>> All() => journal.All();

        public Task<Epoch> Claim(string run, int version, Epoch? holding, long after) => journal.Claim(run, version, holding, after);

        public async Task Note(string run, int version, Epoch epoch, RunNote note)
        {
            if (note.Phase == RunPhase.Stopped) await AtStop();
            await journal.Note(run, version, epoch, note);
        }

        public Task Rewind(string run, int version, Epoch epoch, long round) => journal.Rewind(run, version, epoch, round);

        public Task<ImmutableArray<CommittedSnapshot>> Snapshots(string run, int version) => journal.Snapshots(run, version);

        public Task Delete(string run) => journal.Delete(run);
    }
}
