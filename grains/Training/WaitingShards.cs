namespace FlowGrain.Training;

/// <summary>
/// The shards that nobody has yet, in one stretch a silo, so that a silo's shards are neighbours in the tree and their sums
/// combine before they travel. A silo whose stretch is empty takes from the end of the longest.
/// </summary>
internal sealed class WaitingShards
{
    private readonly List<LinkedList<int>> _stretches = [];
    private readonly Dictionary<string, LinkedList<int>> _of = [];
    private int _given;

    /// <summary>How many wait.</summary>
    internal int Count { get; private set; }

    /// <summary>Begins anew with shards 0 to <paramref name="shards"/>, in stretches for so many silos.</summary>
    internal void Fill(int shards, int silos)
    {
        Clear();
        for (var silo = 0; silo < silos; silo++)
        {
            var (first, end) = ((int)((long)shards * silo / silos), (int)((long)shards * (silo + 1) / silos));
            _stretches.Add(new LinkedList<int>(Enumerable.Range(first, end - first)));
        }

        Count = shards;
    }

    /// <summary>Puts a shard back.</summary>
    internal void Add(int shard)
    {
        if (_stretches.Count == 0) _stretches.Add([]);
        _stretches[0].AddFirst(shard);
        Count++;
    }

    /// <summary>Takes a shard for a silo, or null when none waits.</summary>
    internal int? Take(string silo)
    {
        if (Count == 0) return null;
        Count--;
        if (!_of.TryGetValue(silo, out var own)) _of.Add(silo, own = _given < _stretches.Count ? _stretches[_given++] : []);
        if (own.First is { } next)
        {
            own.RemoveFirst();
            return next.Value;
        }

        var longest = _stretches.MaxBy(stretch => stretch.Count)!;
        var last = longest.Last!.Value;
        longest.RemoveLast();
        return last;
    }

    /// <summary>Forgets all.</summary>
    internal void Clear()
    {
        _stretches.Clear();
        _of.Clear();
        (_given, Count) = (0, 0);
    }
}
