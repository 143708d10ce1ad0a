using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>A stop that comes while a run has lost its last worker.</summary>
public sealed class StopTests
{
    private const int Steps = 150; // three validations

    [Fact(Timeout = 120_000)]
    public async Task A_validation_that_is_left_is_made_by_whoever_goes_on()
    {
        await using var calm = await EmbeddedFixture.Start(slots: 1);
        var undisturbed = await calm.Train("m", calm.Plan(steps: Steps));
        var expected = await calm.Run("m").History();

        var validations = new Gate();
        await using var embedded = await Start(spec => new SpyEngine(spec, () => { }) { BeforeScores = validations.Pass });
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(steps: Steps), TestContext.Current.CancellationToken);
        await validations.Reached; // the first one has begun, and its slot is busy with it
        await TakeSlots(embedded);
        await EmbeddedFixture.Until(run, progress => progress.Waiting is not null);
        Assert.Equal(RunPhase.Stopped, (await run.Stop()).Phase);

        validations.Open();
        await embedded.Run("other").Stop();
        Assert.Equal(undisturbed.WeightsSha256, (await embedded.Train("m", embedded.Plan(steps: Steps))).WeightsSha256);
        Assert.Equal(expected.Select(Validated), (await run.History()).Select(Validated));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_stop_does_not_wait_for_a_slot_that_is_lost_after_it_was_asked_for()
    {
        var rounds = new Gate();
        await using var embedded = await Start(spec => new SpyEngine(spec, rounds.Pass));
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(steps: Steps), TestContext.Current.CancellationToken);
        await rounds.Reached;
        var stopping = run.Stop();
        await TakeSlots(embedded);
        Assert.Equal(RunPhase.Stopped, (await stopping).Phase);
        rounds.Open();
    }

    private static Task<EmbeddedFixture> Start(EngineFactory engines) =>
        EmbeddedFixture.Start(slots: 1, parts: services => services.AddSingleton(engines));

    /// <summary>Has another run take the only slot.</summary>
    private static async Task TakeSlots(EmbeddedFixture embedded) =>
        await embedded.Run("other").Start(embedded.Plan(steps: 1_000_000) with { Priority = 1 }, TestContext.Current.CancellationToken);

    private static (long, double?) Validated(LossPoint point) => (point.Step, point.ValidationNats);

    /// <summary>Holds the first who comes until it is opened.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();

        internal Task Reached => _reached.Task;

        internal void Pass()
        {
            _reached.TrySetResult();
            _open.Wait();
        }

        internal void Open() => _open.Set();
    }
}
