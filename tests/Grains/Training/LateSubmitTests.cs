using System.Diagnostics.Metrics;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>A sum that was under way when its epoch ended: it arrives while the same round of the next epoch is open.</summary>
public sealed class LateSubmitTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_sum_of_an_older_epoch_is_refused_and_counted_and_changes_no_bit()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan());

        using var metric = new Outcomes();
        var network = new SlowNetwork();
        await using var embedded = await EmbeddedFixture.Start(parts: services => services.AddSingleton<IIncomingGrainCallFilter>(network));
        var result = await embedded.Train("m", embedded.Plan());

        Assert.Equal(SubmitOutcome.StaleEpoch, await network.Outcome);
        Assert.Equal(undisturbed.WeightsSha256, result.WeightsSha256);
        Assert.Equal(RunRecords.Bits(undisturbed.Path), RunRecords.Bits(result.Path));
        Assert.True(RunRecords.Rounds(result.Path)[SlowNetwork.Round].Rejects >= 1, RunRecords.Rounds(result.Path)[SlowNetwork.Round].Text);
        Assert.Contains("staleEpoch", metric.Seen);
    }

    /// <summary>Holds the first sum of a round until its range was lost and the same round is open under the next epoch.</summary>
    private sealed class SlowNetwork : IIncomingGrainCallFilter
    {
        internal const int Round = 5;

        private readonly TaskCompletionSource<Epoch> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _arrives = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<SubmitOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _lost;

        internal Task<SubmitOutcome> Outcome => _outcome.Task;

        public Task Invoke(IIncomingGrainCallContext context) => context.ImplementationMethod.Name switch
        {
            nameof(IAggregatorGrain.Submit) when context.Request.GetArgument(0) is PartialSum { Round: Round } sum => Submit(context, sum),
            nameof(IAggregatorGrain.Reduced) when _lost == 0 => Reduced(context),
            _ => context.Invoke(),
        };

        private async Task Submit(IIncomingGrainCallContext context, PartialSum sum)
        {
            if (_held.TrySetResult(sum.Epoch))
            {
                await _arrives.Task;
                await context.Invoke();
                _outcome.SetResult(((SubmitReply)context.Result!).Outcome);
                return;
            }

            if (sum.Epoch != await _held.Task)
            {
                _arrives.TrySetResult();
                await _outcome.Task; // the round is open as long as this one is not in
            }

            await context.Invoke();
        }

        private async Task Reduced(IIncomingGrainCallContext context)
        {
            var answer = context.Invoke();
            if (await Task.WhenAny(answer, _held.Task) == _held.Task && Interlocked.Exchange(ref _lost, 1) == 0) throw new RangeLostException("The test has lost it.");
            await answer;
        }
    }

    /// <summary>What the metric of submits has counted meanwhile.</summary>
    private sealed class Outcomes : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, long> _seen = [];

        internal Outcomes()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "flowgrain.train.shard.attempts") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => _seen.AddOrUpdate((string)tags[0].Value!, count, (_, before) => before + count));
            _listener.Start();
        }

        internal ICollection<string> Seen => _seen.Keys;

        public void Dispose() => _listener.Dispose();
    }
}
