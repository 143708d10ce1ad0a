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
    public async Task A_computation_that_fails_in_the_middle_fails_the_run_and_the_same_plan_goes_on_to_the_bits_of_an_undisturbed_one()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan());

        var gradients = 0;
        await using var embedded = await Start(spec => new SpyEngine(spec, () =>
        {
            if (Interlocked.Increment(ref gradients) == 50) throw new InvalidOperationException("The device is lost.");
        }));
        var failed = await Failed(embedded);
        Assert.Equal(("The device is lost.", false), (failed.Failure, failed.FailedOnInput));
        Assert.Equal(undisturbed.WeightsSha256, (await embedded.Train("m", embedded.Plan())).WeightsSha256);
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
}
