using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>One of the workers computes wrong bits from some round on: it is found out, and the run ends with the right ones.</summary>
public sealed class WrongBitsTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_computes_wrong_bits_is_set_aside_and_the_run_ends_with_the_bits_of_an_honest_one()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var honest = await Honest();
        using var liar = new Liar();
        await using var embedded = await Start(slots: 3, liar);
        var result = await embedded.Train("m", Plan(embedded));
        Assert.True(liar.Lies > 0);
        Assert.Equal(honest.Weights, result.WeightsSha256);
        Assert.Equal(honest.Rounds, RunRecords.Bits(result.Path));
        Assert.Matches("^works without .+: its slot [0-2] computed other bits than two others for shard [0-7] of round [0-9]+; its memory or processor may be faulty$", (await embedded.Run("m").Progress()).Without);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stop_while_a_third_worker_decides_stops_the_run_which_then_ends_with_the_right_bits()
    {
        var honest = await Honest();
        using var liar = new Liar();
        await using var embedded = await Start(slots: 3, liar);
        var run = embedded.Run("m");
        liar.Decides.Reset();
        await run.Start(Plan(embedded), TestContext.Current.CancellationToken);
        await liar.Asked.WaitAsync(TestContext.Current.CancellationToken);
        var stopping = run.Stop();
        liar.Decides.Set();
        Assert.Equal(RunPhase.Stopped, (await stopping).Phase);
        Assert.Equal(honest.Weights, (await embedded.Train("m", Plan(embedded))).WeightsSha256);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_computed_wrong_bits_is_not_trusted_by_who_goes_on_either_and_the_record_names_it()
    {
        using var liar = new Liar();
        await using var embedded = await Start(slots: 3, liar);
        var run = embedded.Run("m");
        await run.Start(Plan(embedded) with { Steps = 3000 }, TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Without is not null);
        await run.Stop();
        var (lies, model) = (liar.Lies, await embedded.Train("m", Plan(embedded) with { Steps = 3000 }));
        Assert.Equal(lies, liar.Lies);
        Assert.StartsWith("works without ", (await run.Progress()).Without, StringComparison.Ordinal);
        var quarantine = Assert.Single(RunRecords.Of(model.Path).Quarantined);
        Assert.StartsWith("m/", quarantine.Worker, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_workers_that_contradict_each_other_without_a_third_fail_the_run()
    {
        using var liar = new Liar();
        await using var embedded = await Start(slots: 2, liar);
        var run = embedded.Run("m");
        await run.Start(Plan(embedded) with { Steps = 3000 }, TestContext.Current.CancellationToken); // a lie that comes late is turned away: there is time for others
        var end = await EmbeddedFixture.Until(run, progress => progress.Phase is RunPhase.Finished or RunPhase.Failed);
        Assert.Contains("there is no third one to decide", end.Failure);
    }

    private static async Task<(string Weights, RoundLine[] Rounds)> Honest()
    {
        await using var calm = await EmbeddedFixture.Start(slots: 1);
        var result = await calm.Train("m", Plan(calm));
        return (result.WeightsSha256, RunRecords.Bits(result.Path));
    }

    private static TrainingPlan Plan(EmbeddedFixture embedded) => embedded.Plan(steps: 60) with { Shards = 8 };

    private static Task<EmbeddedFixture> Start(int slots, Liar liar) => EmbeddedFixture.Start(slots, parts: services =>
    {
        services.AddSingleton<EngineFactory>(liar.Engine);
        services.AddSingleton<IIncomingGrainCallFilter>(liar);
    });

    /// <summary>
    /// The first engine that is made: from its twentieth gradient on it is slow, and wrong where another worker's result was
    /// accepted before; nothing else would compare the two.
    /// </summary>
    private sealed class Liar : IIncomingGrainCallFilter, IDisposable
    {
        private const int Honest = 20;

        private readonly ConcurrentDictionary<ulong, bool> _computed = []; // by others
        private readonly ConcurrentDictionary<(long Round, int Shard), bool> _overtaken = [];
        private readonly ManualResetEventSlim _accepted = new();
        private readonly CancellationToken _over = TestContext.Current.CancellationToken;
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _made;
        private int _gradients;
        private int _liedAt;

        internal int Lies { get; private set; }

        /// <summary>Ends when a third worker is asked.</summary>
        internal Task Asked => _asked.Task;

        /// <summary>Set when it, and whoever else is honest, may compute.</summary>
        internal ManualResetEventSlim Decides { get; } = new(initialState: true);

        internal IFlowEngine Engine(FlowSpec spec) => Interlocked.Increment(ref _made) == 1
            ? new SpyEngine(spec, Dawdle) { After = Lie }
            : new SpyEngine(spec, Wait) { After = (rows, _) => _computed[Hash(rows)] = true };

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context.Result is ShardLease { Work: ShardWork.Arbitrate }) _asked.TrySetResult();
            if (context.Result is ShardLease { Attempt: > 1 } again) _overtaken[(again.Round, again.Shard)] = true;
            if (context.Result is SubmitReply { Outcome: SubmitOutcome.Accepted } && context.Request.GetArgument(0) is PartialSum sum && sum.Leaves.Any(leaf => _overtaken.ContainsKey((sum.Round, leaf.Shard))))
                _accepted.Set();
        }

        public void Dispose() => _accepted.Set(); // whoever still waits ends

        private void Wait()
        {
            if (_asked.Task.IsCompleted) Decides.Wait(_over);
        }

        private void Dawdle()
        {
            if (++_gradients >= Honest && _gradients > _liedAt + 1) _accepted.Wait(_over);
        }

        private void Lie(ReadOnlySpan<double> rows, Span<float> gradient)
        {
            if (_gradients < Honest || !_computed.ContainsKey(Hash(rows))) return;
            gradient[0] += 1;
            (_liedAt, Lies) = (_gradients, Lies + 1);
            _accepted.Reset();
        }

        private static ulong Hash(ReadOnlySpan<double> rows) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(rows));
    }
}
