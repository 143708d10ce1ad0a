using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>The runs that have their grain or a range on this silo now: those that a silo hands over before it ends.</summary>
internal sealed class Residents
{
    private readonly Lock _gate = new();
    private readonly List<Residence> _residences = [];

    /// <summary>Their names.</summary>
    internal ImmutableArray<string> Runs
    {
        get
        {
            lock (_gate) return [.. _residences.Select(residence => residence.Run).Distinct()];
        }
    }

    /// <summary>Notes that a part of a run lives here, until it is disposed.</summary>
    internal IDisposable Enter(string run)
    {
        var residence = new Residence(this, run);
        lock (_gate) _residences.Add(residence);
        return residence;
    }

    private sealed class Residence(Residents all, string run) : IDisposable
    {
        internal string Run => run;

        public void Dispose()
        {
            lock (all._gate) all._residences.Remove(this);
        }
    }
}
