using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace FlowGrain.Tests.Grains;

public sealed class FadingGaugeTests : IDisposable
{
    private const string Name = "fading.workers";

    private readonly FakeTimeProvider _clock = new();
    private readonly FadingGauge _gauge;

    public FadingGaugeTests() => _gauge = new FadingGauge(_clock, Name, "{worker}", "Workers.", values => values.Sum(), "run", "state");

    public void Dispose() => _gauge.Dispose();

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

    [Fact]
    public void Of_many_names_those_that_came_first_keep_theirs_and_the_rest_are_one()
    {
        for (var run = 0; run < FadingGauge.MostNames; run++) _gauge.Set(1, $"first-{run}", "working");
        Assert.Equal(FadingGauge.MostNames, Reported().Count);
        for (var run = 0; run < 100; run++) _gauge.Set(2, $"later-{run}", "working");
        var reported = Reported();
        Assert.Equal(FadingGauge.MostNames + 1, reported.Count);
        Assert.Contains("run=other state=working 200", reported);
        Assert.DoesNotContain(reported, series => series.Contains("later", StringComparison.Ordinal));
    }

    [Fact]
    public void Three_thousand_runs_one_after_another_all_reach_the_collector()
    {
        const int Runs = 3000, AtOnce = 100;
        HashSet<string> collected = [];
        using var exporter = new Collector(collected);
        using var reader = new BaseExportingMetricReader(exporter);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(Telemetry.Name).AddReader(reader).Build();
        for (var run = 0; run < Runs; run++)
        {
            foreach (var state in (string[])["working", "silent", "aside"]) _gauge.Set(1, $"run-{run}", state);
            if ((run + 1) % AtOnce != 0) continue;
            Assert.True(reader.Collect());
            _clock.Advance(TimeSpan.FromMinutes(3)); // they end
        }

        Assert.Equal(Runs, collected.Count(name => name.StartsWith("run-", StringComparison.Ordinal)));
    }

    /// <summary>Keeps the names of what it is given.</summary>
    private sealed class Collector(HashSet<string> runs) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                if (metric.Name != Name) continue;
                foreach (ref readonly var point in metric.GetMetricPoints())
                    foreach (var tag in point.Tags)
                        if (tag is { Key: "run", Value: string run }) runs.Add(run);
            }

            return ExportResult.Success;
        }
    }

    private List<string> Reported()
    {
        List<string> reported = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == Name) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => reported.Add($"{string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))} {value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return reported;
    }
}
