using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains;

public sealed class FadingGaugeTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Meter _meter = new("fading");
    private readonly FadingGauge _gauge;

    public FadingGaugeTests() => _gauge = new FadingGauge(_clock, _meter, "workers", "{worker}", "Workers.", "run", "state");

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void A_series_has_its_last_value_and_its_labels()
    {
        _gauge.Set(1, "a", "working");
        _gauge.Set(2, "a", "working");
        _gauge.Set(3, "a", "silent");
        Assert.Equal(["run=a state=silent 3", "run=a state=working 2"], Reported().Order());
    }

    [Fact]
    public void A_series_that_is_not_set_for_two_minutes_is_gone_and_the_others_stay()
    {
        _gauge.Set(1, "ended", "working");
        _clock.Advance(TimeSpan.FromSeconds(90));
        _gauge.Set(1, "goes on", "working");
        Assert.Equal(2, Reported().Count);
        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("run=goes on state=working 1", Assert.Single(Reported()));
    }

    private List<string> Reported()
    {
        List<string> reported = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter == _meter) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => reported.Add($"{string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))} {value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return reported;
    }
}
