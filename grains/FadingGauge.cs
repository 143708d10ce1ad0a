using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FlowGrain;

/// <summary>
/// A gauge whose series end with what they are of: one that was not set for two minutes is reported no more, and forgotten. Two
/// minutes, so that the last value is scraped at least once. It tells 256 names apart at a time; the rest are one, called other.
/// Safe for many threads.
/// </summary>
/// <remarks>
/// The SDK keeps what it has once seen of an instrument, 2,000 series at most, and then tells nothing of new ones. So a new
/// instrument takes the place of one that has told of many names, and its meter, which ends what the SDK keeps.
/// </remarks>
internal sealed class FadingGauge : IDisposable
{
    /// <summary>Names that are told apart at a time.</summary>
    internal const int MostNames = 256;

    private const int MostEver = 400; // of one instrument, before a look that adds 256: with three states each 1,968 series
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(string First, string? Second), (double Value, long Set)> _series = [];
    private readonly Lock _gate = new();
    private readonly HashSet<string> _named = [];
    private readonly HashSet<string> _ever = [];
    private readonly Func<Meter, Func<IEnumerable<Measurement<double>>>, Instrument> _publish;
    private readonly Func<IEnumerable<double>, double> _rest;
    private readonly string[] _labels;
    private readonly TimeProvider _clock;
    private volatile Meter _meter;

    /// <summary>Publishes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unit">Its unit, UCUM.</param>
    /// <param name="description">What it tells.</param>
    /// <param name="rest">What is told of those that are not told apart.</param>
    /// <param name="labels">What tells its series apart: two labels at most.</param>
    internal FadingGauge(string name, string unit, string description, Func<IEnumerable<double>, double> rest, params string[] labels)
        : this(TimeProvider.System, name, unit, description, rest, labels)
    {
    }

    internal FadingGauge(TimeProvider clock, string name, string unit, string description, Func<IEnumerable<double>, double> rest, params string[] labels)
    {
        (_clock, _rest, _labels) = (clock, rest, labels);
        _publish = (meter, series) => meter.CreateObservableGauge(name, series, unit, description);
        _meter = Publish();
    }

    /// <summary>Sets a series, by the values of its labels.</summary>
    internal void Set(double value, string first = "", string? second = null)
    {
        _series[(first, second)] = (value, _clock.GetTimestamp());
        lock (_gate)
        {
            if (_ever.Count <= MostEver) return;
            _ever.Clear();
        }

        _meter.Dispose(); // before another of its name, or the SDK ends both; outside of the gate, for which whoever reads it may wait
        _meter = Publish();
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private Meter Publish()
    {
        var meter = new Meter(Telemetry.Name, Telemetry.Schema);
        _publish(meter, Series);
        return meter;
    }

    private List<Measurement<double>> Series()
    {
        foreach (var (labels, (value, set)) in _series)
            if (_clock.GetElapsedTime(set) > Memory) _series.TryRemove(new(labels, (value, set)));
        var now = _series.ToArray();
        lock (_gate)
        {
            Name(now.Select(series => series.Key.First).ToHashSet());
            return
            [
                .. now.Where(series => _named.Contains(series.Key.First)).Select(series => Told(series.Value.Value, series.Key.First, series.Key.Second)),
                .. now.Where(series => !_named.Contains(series.Key.First)).GroupBy(series => series.Key.Second, series => series.Value.Value).Select(rest => Told(_rest(rest), Label.Other, rest.Key)),
            ];
        }
    }

    /// <summary>Who has a name keeps it, so that a series does not come and go.</summary>
    private void Name(HashSet<string> now)
    {
        _named.IntersectWith(now);
        foreach (var name in now)
        {
            if (_named.Count == MostNames) break;
            _named.Add(name);
        }

        _ever.UnionWith(_named);
    }

    private Measurement<double> Told(double value, string first, string? second) =>
        _labels.Length == 0 ? new(value)
        : second is null ? new(value, new KeyValuePair<string, object?>(_labels[0], first))
        : new(value, new(_labels[0], first), new(_labels[1], second));
}
