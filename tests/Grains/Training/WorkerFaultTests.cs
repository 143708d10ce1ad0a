using FlowGrain.Flows.Engines;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Whatever a worker does wrong, its run ends with a sentence, lets go of everything, and the same plan goes on.</summary>
public sealed class WorkerFaultTests
{
    [Fact]
    public async Task An_engine_that_cannot_be_made_fails_the_run_and_the_same_plan_then_trains()
    {
        var broken = true;
        await using var embedded = await Start(spec => broken ? throw new InvalidOperationException("No such device.") : FlowEngines.Create(spec));
        Assert.Equal("No such device.", (await Failed(embedded)).Failure);

        broken = false;
        Assert.Equal(1, (await embedded.Train("m", embedded.Plan())).Version);
    }

    [Fact]
    public async Task A_worker_that_cannot_begin_is_done_without_and_the_run_says_why()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan());

        var made = 0;
        await using var embedded = await Start(spec => Interlocked.Increment(ref made) == 1 ? throw new InvalidOperationException("No such device.") : FlowEngines.Create(spec));
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(), TestContext.Current.CancellationToken);
        var end = await EmbeddedFixture.Until(run, progress => progress.Phase is RunPhase.Finished or RunPhase.Failed);
        Assert.Equal(RunPhase.Finished, end.Phase);
        Assert.Matches("^works without .+: No such device\\.$", end.Without);
        Assert.Equal(undisturbed.WeightsSha256, (await run.Result())!.WeightsSha256);
    }

    [Fact]
    public async Task A_worker_that_fails_in_the_middle_is_done_without_and_the_run_ends_with_the_bits_of_an_undisturbed_one()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan());

        var gradients = 0;
        await using var embedded = await Start(spec => new SpyEngine(spec, () =>
        {
            if (Interlocked.Increment(ref gradients) == 50) throw new InvalidOperationException("The device is lost.");
        }));
        Assert.Equal(undisturbed.WeightsSha256, (await embedded.Train("m", embedded.Plan())).WeightsSha256);
        Assert.Matches("^works without .+: The device is lost\\.$", (await embedded.Run("m").Progress()).Without);
    }

    [Fact]
    public async Task When_the_last_worker_fails_the_run_fails_with_what_it_said_and_the_same_plan_goes_on_to_the_bits_of_an_undisturbed_one()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan());

        var (gradients, last) = (0, 50);
        await using var embedded = await Start(spec => new SpyEngine(spec, () =>
        {
            if (Interlocked.Increment(ref gradients) is var gradient && gradient >= Volatile.Read(ref last)) throw new InvalidOperationException($"Device lost at {gradient}.");
        }));
        var failed = await Failed(embedded);
        Assert.Matches("^Device lost at [0-9]+\\.$", failed.Failure);
        Assert.False(failed.FailedOnInput);
        Volatile.Write(ref last, int.MaxValue);
        Assert.Equal(undisturbed.WeightsSha256, (await embedded.Train("m", embedded.Plan())).WeightsSha256);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_was_sent_away_begins_again_in_the_same_epoch()
    {
        var away = new SentAway();
        await using var embedded = await EmbeddedFixture.Start(parts: services => services.AddSingleton<IIncomingGrainCallFilter>(away));
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(steps: 1_000_000), TestContext.Current.CancellationToken);
        var back = await away.Back.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(away.Epoch, back);
        Assert.Equal(RunPhase.Stopped, (await run.Stop()).Phase);
    }

    [Fact]
    public async Task Averaged_weights_that_arrive_damaged_are_fetched_again_and_change_no_validation()
    {
        await using var calm = await EmbeddedFixture.Start();
        await calm.Train("m", calm.Plan());

        var network = new DamagingNetwork(WeightKind.Average, which: 1);
        await using var embedded = await EmbeddedFixture.Start(parts: services => services.AddSingleton<IIncomingGrainCallFilter>(network));
        await embedded.Train("m", embedded.Plan());
        Assert.True(network.HasDamaged);
        Assert.Equal(await calm.Run("m").History(), await embedded.Run("m").History());
    }

    [Fact]
    public async Task Best_weights_that_arrive_damaged_are_fetched_again_and_are_not_published()
    {
        await using var calm = await EmbeddedFixture.Start();
        var expected = await calm.Train("m", calm.Plan() with { ValidationFraction = 0 }); // then a worker fetches the best once, for the training rows, and the run itself the second time

        var network = new DamagingNetwork(WeightKind.Best, which: 2);
        await using var embedded = await EmbeddedFixture.Start(parts: services => services.AddSingleton<IIncomingGrainCallFilter>(network));
        var result = await embedded.Train("m", embedded.Plan() with { ValidationFraction = 0 });
        Assert.True(network.HasDamaged);
        Assert.Equal(expected.WeightsSha256, result.WeightsSha256);
    }

    [Fact]
    public async Task Gradients_that_are_never_finite_end_the_run_with_advice()
    {
        await using var embedded = await Start(spec => new SpyEngine(spec, () => { }) { Poison = float.NaN });
        Assert.Contains("--lr", (await Failed(embedded)).Failure);
        Assert.False(Directory.Exists(Path.Combine(embedded.Home, "models", "m")));
    }

    [Fact]
    public async Task A_run_that_never_validates_to_a_number_publishes_nothing()
    {
        await using var embedded = await Start(spec => new SpyEngine(spec, () => { }) { Score = float.NaN });
        var failed = await Failed(embedded);
        Assert.Contains("never reached a finite validation", failed.Failure);
        Assert.True(failed.FailedOnInput);
        Assert.False(Directory.Exists(Path.Combine(embedded.Home, "models", "m")));
    }

    [Fact]
    public async Task A_stop_while_minutes_are_being_timed_stops_the_run_that_follows()
    {
        var gradients = 0;
        using var asked = new ManualResetEventSlim();
        using var last = new ManualResetEventSlim();
        await using var embedded = await Start(spec => new SpyEngine(spec, () =>
        {
            if (Interlocked.Increment(ref gradients) != 20 * 4) return; // the last shard of the last timed round
            last.Set();
            asked.Wait(TestContext.Current.CancellationToken);
        }));
        var run = embedded.Run("m");
        await run.Start(embedded.Plan() with { Steps = null, Minutes = 60 }, TestContext.Current.CancellationToken);
        last.Wait(TestContext.Current.CancellationToken);
        var stopping = run.Stop();
        asked.Set();
        Assert.Equal(RunPhase.Stopped, (await stopping).Phase);
    }

    [Fact]
    public async Task Progress_answers_while_a_shard_is_computed()
    {
        using var computing = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        await using var embedded = await Start(spec => new SpyEngine(spec, () =>
        {
            computing.Set();
            asked.Wait(TestContext.Current.CancellationToken);
        }));
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(), TestContext.Current.CancellationToken);
        computing.Wait(TestContext.Current.CancellationToken);
        Assert.Equal((RunPhase.Training, 0L), ((await run.Progress()).Phase, (await run.Progress()).Step));
        asked.Set();
        await EmbeddedFixture.Until(run, progress => progress.Phase == RunPhase.Finished);
    }

    private static Task<EmbeddedFixture> Start(EngineFactory engines) => EmbeddedFixture.Start(parts: services => services.AddSingleton(engines));

    private static async Task<RunProgress> Failed(EmbeddedFixture embedded)
    {
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(), TestContext.Current.CancellationToken);
        var end = await EmbeddedFixture.Until(run, progress => progress.Phase is RunPhase.Finished or RunPhase.Failed);
        Assert.Equal(RunPhase.Failed, end.Phase);
        return end;
    }

    /// <summary>Tells one worker once, in the middle, that its work is over; it hears of it as of a newer epoch.</summary>
    private sealed class SentAway : IIncomingGrainCallFilter
    {
        private const int Leases = 20;

        private readonly TaskCompletionSource<Epoch> _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string? _worker;
        private int _leases;

        /// <summary>In which it was sent away.</summary>
        internal Epoch Epoch { get; private set; }

        /// <summary>The epoch in which it has work again.</summary>
        internal Task<Epoch> Back => _back.Task;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.ImplementationMethod.Name != nameof(IShardLeases.Lease))
            {
                await context.Invoke();
                return;
            }

            var (epoch, worker) = ((Epoch)context.Request.GetArgument(0)!, (string)context.Request.GetArgument(1)!);
            if (Interlocked.Increment(ref _leases) >= Leases && Interlocked.CompareExchange(ref _worker, worker, null) is null)
            {
                Epoch = epoch;
                throw new StaleEpochException("The test sends it away.");
            }

            var first = worker == _worker && context.Request.GetArgument(2) is null;
            await context.Invoke();
            if (first && context.Result is ShardLease { Round: > Leases }) _back.TrySetResult(epoch);
        }
    }

    /// <summary>Flips the signs of weights of a kind when they travel for the n-th time.</summary>
    private sealed class DamagingNetwork(WeightKind kind, int which) : IIncomingGrainCallFilter
    {
        private int _travelled;

        internal bool HasDamaged => _travelled >= which;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context.ImplementationMethod.Name != nameof(IAggregatorGrain.Weights) || context.Request.GetArgument(2) is not WeightKind asked || asked != kind || Interlocked.Increment(ref _travelled) != which) return;
            context.Result = new Block<float>(((Block<float>)context.Result!).Span.ToArray().Select(weight => -weight).ToArray());
        }
    }
}
