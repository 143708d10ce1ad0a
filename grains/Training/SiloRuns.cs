namespace FlowGrain.Training;

/// <summary>The runs that workers of this silo compute for, each shared by all of its workers here.</summary>
internal sealed class SiloRuns(IGrainFactory grains, ILocalSiloDetails local, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Run, Epoch Epoch), (SiloRun Shared, int Users)> _runs = [];

    /// <summary>Joins a run; dispose the membership when the worker leaves.</summary>
    internal Membership Join(WorkerAssignment assignment)
    {
        var key = (assignment.Run, assignment.Epoch);
        lock (_gate)
        {
            var (shared, users) = _runs.TryGetValue(key, out var known) ? known : (new SiloRun(grains, assignment, local.SiloAddress.ToParsableString(), clock), 0);
            _runs[key] = (shared, users + 1);
            return new Membership(this, key, shared);
        }
    }

    private void Leave((string Run, Epoch Epoch) key)
    {
        lock (_gate)
        {
            var (shared, users) = _runs[key];
            if (users == 1) _runs.Remove(key);
            else _runs[key] = (shared, users - 1);
        }
    }

    /// <summary>One worker's part in a run.</summary>
    internal sealed class Membership(SiloRuns runs, (string Run, Epoch Epoch) key, SiloRun run) : IDisposable
    {
        /// <summary>What it shares.</summary>
        internal SiloRun Run => run;

        /// <inheritdoc />
        public void Dispose() => runs.Leave(key);
    }
}
