namespace FlowGrain.Training;

/// <summary>
/// The work of the open round or evaluation: what waits, who has what, what is computed. Lives in the turns of the run grain.
/// </summary>
/// <remarks>
/// A worker pulls leases, so that the faster ones take more. When nothing waits any more and a lease takes far longer than the
/// others did, an idle worker gets it too: the first result counts, and both have the same bits. Source: Dean and Barroso
/// 2013, "The Tail at Scale", https://doi.org/10.1145/2408776.2408794. Few are overtaken so. A lease has a deadline beside,
/// after which its device is taken to hang, though its worker beats: then it goes to another, however many did before.
/// </remarks>
internal sealed class LeaseBoard(TimeProvider clock)
{
    private const double Spreads = 4; // median absolute deviations beyond the median at which a lease is late
    private const int MostAttempts = 3;
    private const double Deadline = 20; // medians: on a machine that swaps, or shares its cores, a shard takes some of them
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // well below Orleans' response timeout of 30 s
    private static readonly TimeSpan LeastLate = TimeSpan.FromMilliseconds(50); // below it a second computation costs more than it saves
    private static readonly TimeSpan LeastDeadline = TimeSpan.FromSeconds(10); // a silo may fetch its weights, or read its rows from a slow disk
    private static readonly TimeSpan FirstDeadline = TimeSpan.FromMinutes(1); // before it is known how long such work takes
    private static readonly TimeSpan Unconfirmed = TimeSpan.FromSeconds(2); // two beats

    private readonly WaitingShards _waiting = new();
    private readonly List<double> _seconds = [];
    private readonly Dictionary<ShardWork, double> _medians = []; // of what was offered before
    private Dictionary<int, Entry> _entries = [];
    private Entry? _asked; // beside the round's own, for any worker but some
    private TaskCompletionSource _changed = NewSignal();
    private (double Median, double Spread)? _times; // of _seconds: every idle worker asks for them
    private int _computed;
    private int _hedges;
    private bool _closed;

    /// <summary>Leases handed out so far, of all rounds and evaluations.</summary>
    internal long Handed { get; private set; }

    /// <summary>How many times the median lease the slowest one took, of those offered last; 1 where none was computed. One that was not reported yet counts with its age.</summary>
    internal double StragglerRatio => _seconds.Count == 0
        ? 1
        : Math.Max(_seconds.Max(), _entries.Values.Where(entry => entry is { IsComputed: false, Holders.Count: > 0 }).Select(entry => Age(entry).TotalSeconds).DefaultIfEmpty().Max()) / Times.Median;

    /// <summary>The shards of the open round, from when their workers began or got them to their reports; those that nobody reported have no end.</summary>
    internal IEnumerable<RoundPart> Parts =>
        from entry in _entries.Values
        from part in entry.Reported is { } reported ? [reported] : entry.Holders.Select(holder => new RoundPart(Spans.Compute, holder.Value, Ended: null, holder.Key, entry.Lease.Shard))
        select part;

    /// <summary>Told the worker and its lease when a lease is given out again because it is late.</summary>
    internal Action<string, ShardLease> Late { get; set; } = (_, _) => { };

    /// <summary>Told the worker and its lease when a lease is given out again because its deadline is over.</summary>
    internal Action<string, ShardLease> Overdue { get; set; } = (_, _) => { };

    /// <summary>Offers the work of a round or an evaluation, instead of what was offered before.</summary>
    /// <param name="leases">Its leases, by shard from 0.</param>
    /// <param name="silos">Silos that will share it.</param>
    internal void Post(IReadOnlyList<ShardLease> leases, int silos)
    {
        if (_seconds.Count > 0) _medians[_entries.Values.First().Lease.Work] = Times.Median;
        _entries = leases.ToDictionary(lease => lease.Shard, lease => new Entry(lease));
        _asked = null;
        _waiting.Fill(leases.Count, Math.Max(1, silos));
        _seconds.Clear();
        _times = null;
        (_computed, _hedges) = (0, 0);
        Signal();
    }

    /// <summary>Offers one more lease of the open round, to any worker but those named.</summary>
    internal void Ask(ShardLease lease, IReadOnlyCollection<string> except)
    {
        _asked = new Entry(lease) { Except = except };
        Signal();
    }

    /// <summary>Takes work, or null when none came for a while or the worker is not counted on any more.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="silo">Where it lives.</param>
    /// <param name="lives">Whether it still does: what asked before it died must not get anything.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StaleEpochException">No work will come any more: the run is over, or begins again under the next epoch.</exception>
    internal async Task<ShardLease?> Take(string worker, string silo, Func<bool> lives, CancellationToken cancellation)
    {
        for (var asked = clock.GetTimestamp(); lives() && clock.GetElapsedTime(asked) < Patience;)
        {
            if (_closed) throw new StaleEpochException("The work of this epoch is over.");
            if (Next(worker, silo) is { } lease) return lease;
            await Changed(NextLate(), cancellation);
        }

        return null;
    }

    /// <summary>Notes that a lease was computed; the first report of each counts.</summary>
    internal void Finished(string worker, LeaseReport report)
    {
        if (!_entries.TryGetValue(report.Shard, out var entry) || (entry.Lease.Work, entry.Lease.Round) != (report.Work, report.Round)) return;
        entry.Holders.Remove(worker);
        if (entry.IsComputed) return;
        entry.IsComputed = true;
        var now = clock.GetTimestamp();
        entry.Reported = new RoundPart(Spans.Compute, now - (long)(report.Seconds * clock.TimestampFrequency), now, worker, report.Shard);
        _computed++;
        _seconds.Add(report.Seconds);
        _times = null;
    }

    /// <summary>Takes those leases from a worker that it does not know of: the answer that gave them was lost.</summary>
    internal void Confirm(string worker, IReadOnlyCollection<LeaseId> held)
    {
        foreach (var entry in Offered)
        {
            if (!entry.Holders.TryGetValue(worker, out var since) || clock.GetElapsedTime(since) < Unconfirmed || held.Contains(entry.Lease.Id)) continue;
            TakeFrom(worker, entry);
            Signal();
        }
    }

    /// <summary>Takes a worker's leases from it, for others.</summary>
    internal void Lost(string worker)
    {
        foreach (var entry in Offered) TakeFrom(worker, entry);
        Signal();
    }

    /// <summary>Offers shards again whose sums were lost after they were computed.</summary>
    internal void Again(IEnumerable<int> shards)
    {
        foreach (var shard in shards)
        {
            if (!_entries.TryGetValue(shard, out var entry) || !entry.IsComputed) continue;
            entry.IsComputed = false;
            _computed--;
            if (entry.Holders.Count == 0) _waiting.Add(shard);
        }

        Signal();
    }

    /// <summary>Sends everyone who waits away.</summary>
    internal void Close()
    {
        _closed = true;
        _waiting.Clear();
        (_entries, _asked) = ([], null);
        Signal();
    }

    private IEnumerable<Entry> Offered => _asked is { } asked ? _entries.Values.Append(asked) : _entries.Values;

    private ShardLease? Next(string worker, string silo)
    {
        if (_asked is { Holders.Count: 0 } asked && !asked.Except.Contains(worker)) return Hand(asked, worker);
        if (_waiting.Take(silo) is { } shard) return Hand(_entries[shard], worker);
        if (LateFor(worker) is { } late)
        {
            _hedges++;
            return HandAgain(late, worker, Late);
        }

        return OverdueFor(worker) is { } overdue ? HandAgain(overdue, worker, Overdue) : null;
    }

    private ShardLease HandAgain(Entry entry, string worker, Action<string, ShardLease> tell)
    {
        foreach (var holder in entry.Holders.Keys) tell(holder, entry.Lease);
        return Hand(entry, worker);
    }

    /// <summary>Takes a lease from a worker; a shard that nobody has then waits.</summary>
    private void TakeFrom(string worker, Entry entry)
    {
        if (entry.Holders.Remove(worker) && entry is { IsComputed: false, Holders.Count: 0 } && entry != _asked) _waiting.Add(entry.Lease.Shard);
    }

    private ShardLease Hand(Entry entry, string worker)
    {
        entry.Holders[worker] = clock.GetTimestamp();
        Handed++;
        return entry.Lease with { Attempt = ++entry.Attempts };
    }

    private Entry? LateFor(string worker)
    {
        if (LateAfter() is not { } limit || _hedges >= Math.Max(1, _entries.Count / 10)) return null;
        return _entries.Values
            .Where(entry => entry is { IsComputed: false, Attempts: < MostAttempts, Holders.Count: > 0 } && !entry.Holders.ContainsKey(worker))
            .FirstOrDefault(entry => Age(entry) >= limit);
    }

    /// <summary>A lease that none of those who have it computed in time, the youngest of them neither.</summary>
    private Entry? OverdueFor(string worker)
    {
        var deadline = DeadlineAfter();
        return Offered
            .Where(entry => entry is { IsComputed: false, Holders.Count: > 0 } && !entry.Holders.ContainsKey(worker) && !entry.Except.Contains(worker))
            .FirstOrDefault(entry => Youngest(entry) >= deadline);
    }

    /// <summary>How long until some lease is late or overdue; the patience when that is further away.</summary>
    private TimeSpan NextLate()
    {
        List<Entry> open = [.. Offered.Where(entry => entry is { IsComputed: false, Holders.Count: > 0 })];
        if (open.Count == 0) return Patience;
        var (overdue, late) = (DeadlineAfter() - open.Max(Youngest), LateAfter() is { } limit ? limit - open.Max(Age) : Patience);
        var left = overdue < late ? overdue : late;
        return left < LeastLate ? LeastLate : left < Patience ? left : Patience;
    }

    /// <summary>Far longer than such work takes, as far as that is known.</summary>
    private TimeSpan DeadlineAfter()
    {
        var median = _seconds.Count > 0 ? Times.Median : _entries.Count > 0 ? _medians.GetValueOrDefault(_entries.Values.First().Lease.Work, double.NaN) : double.NaN;
        if (double.IsNaN(median)) return FirstDeadline;
        var deadline = TimeSpan.FromSeconds(Deadline * median);
        return deadline > LeastDeadline ? deadline : LeastDeadline;
    }

    /// <summary>Median and spread of this round's times, once half of its leases are computed.</summary>
    private TimeSpan? LateAfter()
    {
        if (_computed == 0 || 2 * _computed < _entries.Count || _waiting.Count > 0) return null;
        return TimeSpan.FromSeconds(Times.Median + Spreads * Times.Spread) + LeastLate;
    }

    /// <summary>Median and median absolute deviation of this round's times.</summary>
    private (double Median, double Spread) Times
    {
        get
        {
            if (_times is { } known) return known;
            var median = Median(_seconds);
            var times = (median, Median([.. _seconds.Select(seconds => Math.Abs(seconds - median))]));
            _times = times;
            return times;
        }
    }

    private TimeSpan Age(Entry entry) => clock.GetElapsedTime(entry.Holders.Values.Min());

    private TimeSpan Youngest(Entry entry) => clock.GetElapsedTime(entry.Holders.Values.Max());

    private async Task Changed(TimeSpan most, CancellationToken cancellation)
    {
        try
        {
            await _changed.Task.WaitAsync(most, clock, cancellation);
        }
        catch (TimeoutException)
        {
            // Nothing was posted; the caller looks for late leases, or answers that there is no work.
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static double Median(List<double> values)
    {
        List<double> sorted = [.. values.Order()];
        return sorted[sorted.Count / 2];
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Entry(ShardLease lease)
    {
        internal ShardLease Lease => lease;

        /// <summary>Who has it, since when.</summary>
        internal Dictionary<string, long> Holders { get; } = [];

        /// <summary>Who must not get it.</summary>
        internal IReadOnlyCollection<string> Except { get; init; } = [];

        internal int Attempts { get; set; }

        internal bool IsComputed { get; set; }

        /// <summary>The first report of it.</summary>
        internal RoundPart? Reported { get; set; }
    }
}
