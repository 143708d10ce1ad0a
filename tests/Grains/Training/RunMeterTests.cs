using System.Diagnostics.Metrics;
using FlowGrain.Training;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RunMeterTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly string _cause = $"{Guid.NewGuid()}"; // other tests recover too
    private readonly List<double> _recovered = [];
    private readonly MeterListener _listener;
    private readonly RunMeter _meter;

    public RunMeterTests()
    {
        _meter = new RunMeter("m", _clock);
        _listener = new MeterListener();
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            if (tags.Contains(new("cause", _cause))) _recovered.Add(seconds);
        });
        _listener.EnableMeasurementEvents(Telemetry.RecoverySeconds);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_recovery_lasts_from_the_first_loss_to_the_next_round()
    {
        _meter.Lost(_cause);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _meter.Lost("something else");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Round();
        Round();
        Assert.Equal([3], _recovered);
    }

    [Fact]
    public void A_loss_that_was_noticed_before_counts_from_then()
    {
        var noticed = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _meter.Lost(_cause, noticed);
        Round();
        Assert.Equal([5], _recovered);
    }

    private void Round() => _meter.Committed(rows: 100, loss: 1, learningRate: 0.01, norm: 1, straggler: 1);
}
