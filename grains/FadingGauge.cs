using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FlowGrain;

/// <summary>
/// A gauge whose series end with what they are of: one that was not set for two minutes is reported no more, and forgotten. Two
/// minutes, so that the last value is scraped at least once. Safe for many threads.
/// </summary>
internal sealed class FadingGauge
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(string First, string? Second), (double Value, long Set)> _series = [];
    private readonly string[] _labels;
    private readonly TimeProvider _clock;

    /// <summary>Publishes it.</summary>
    /// <param name="meter">Its meter.</param>
    /// <param name="name">Its name.</param>
    /// <param name="unit">Its unit, UCUM.</param>
    /// <param name="description">What it tells.</param>
    /// <param name="labels">What tells its series apart, one label or two.</param>
    internal FadingGauge(Meter meter, string name, string unit, string description, params string[] labels)
        : this(TimeProvider.System, meter, name, unit, description, labels)
    {
    }

    internal FadingGauge(TimeProvider clock, Meter meter, string name, string unit, string description, params string[] labels)
    {
        (_clock, _labels) = (clock, labels);
        meter.CreateObservableGauge(name, Series, unit, description);
    }

    /// <summary>Sets a series, by the values of its labels.</summary>
    internal void Set(double value, string first, string? second = null) => _series[(first, second)] = (value, _clock.GetTimestamp());

    private IEnumerable<Measurement<double>> Series()
    {
        foreach (var (labels, (value, set)) in _series)
        {
            if (_clock.GetElapsedTime(set) > Memory) _series.TryRemove(new(labels, (value, set)));
            else yield return new Measurement<double>(value, Tags(labels.First, labels.Second));
        }
    }

    private KeyValuePair<string, object?>[] Tags(string first, string? second) => second is null ? [new(_labels[0], first)] : [new(_labels[0], first), new(_labels[1], second)];
}
