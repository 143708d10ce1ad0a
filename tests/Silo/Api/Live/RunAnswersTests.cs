using FlowGrain.Silo.Api.Live;
using FlowGrain.Training;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Api.Live;

public sealed class RunAnswersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _clock = new();
    private readonly Dictionary<string, TaskCompletionSource<RunProgress>> _asked = [];
    private readonly RunAnswers _answers;
    private int _questions;

    public RunAnswersTests() => _answers = new(Ask, _clock);

    [Fact]
    public async Task A_silent_run_holds_up_nobody_is_told_as_it_was_and_is_not_asked_again_until_it_answers()
    {
        Answer("quick", step: 1);
        Answer("silent", step: 1);
        Assert.Equal([1L, 1L], (await _answers.Now([Listed("quick"), Listed("silent")], Cancellation)).Select(run => run.Progress!.Step));

        Answer("quick", step: 2);
        _asked["silent"] = new();
        var now = await Now();
        Assert.Equal([(2L, false), (1L, true)], now);
        now = await Now();
        Assert.Equal([(2L, false), (1L, true)], now);
        Assert.Equal(5, _questions); // three of the quick one, two of the other

        Answer("silent", step: 9);
        await Now();
        Assert.Equal((9L, false), (await Now())[1]);
    }

    [Fact]
    public async Task One_whose_question_failed_is_silent_and_asked_again()
    {
        _asked["lost"] = new();
        _asked["lost"].SetException(new TimeoutException("No answer."));
        var now = Assert.Single(await _answers.Now([Listed("lost")], Cancellation));
        Assert.Null(now.Progress);
        Answer("lost", step: 3);
        Assert.Equal(3, Assert.Single(await _answers.Now([Listed("lost")], Cancellation)).Progress!.Step);
    }

    [Fact]
    public async Task Runs_at_rest_are_not_asked()
    {
        var now = await _answers.Now([Listed("ended") with { Phase = RunPhase.Finished }], Cancellation);
        Assert.Null(Assert.Single(now).Progress);
        Assert.Equal(0, _questions);
    }

    private async Task<List<(long, bool)>> Now()
    {
        var looking = _answers.Now([Listed("quick"), Listed("silent")], Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        return [.. (await looking).Select(run => (run.Progress!.Step, run.IsStale))];
    }

    private void Answer(string run, long step)
    {
        if (!_asked.TryGetValue(run, out var asked) || asked.Task.IsCompleted) _asked[run] = asked = new();
        asked.SetResult(RunProgresses.Idle(run) with { Version = 1, Phase = RunPhase.Training, Step = step });
    }

    private Task<RunProgress> Ask(string run)
    {
        _questions++;
        return _asked[run].Task;
    }

    private static RunListing Listed(string run) => new(run, 1, RunPhase.Training, "nsf", 0, 10, null, default);
}
