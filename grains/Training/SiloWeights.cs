namespace FlowGrain.Training;

/// <summary>The weights of a run's last rounds on one silo: fetched from the ranges once, chunk by chunk, for all of its workers.</summary>
/// <remarks>
/// Two arrays take turns, since at most a straggler still reads those of the round before; what it computes from newer ones is
/// of a round that is over, and refused.
/// </remarks>
internal sealed class SiloWeights(IGrainFactory grains, WorkerAssignment assignment, TimeProvider clock)
{
    private const int MostInFlight = 16; // chunks of 4 MiB at a time
    private const int MostAttempts = 3;

    private readonly Lock _gate = new();
    private readonly int _parameters = assignment.Ranges.Sum(range => range.Length);
    private readonly Dictionary<(WeightKind Kind, long Turn), (long Round, Task<float[]> Weights)> _fetched = [];
    private readonly Dictionary<(WeightKind Kind, long Turn), float[]> _memory = [];

    /// <summary>The weights of a lease.</summary>
    /// <exception cref="StaleEpochException">The lease's round is over.</exception>
    internal Task<float[]> Get(ShardLease lease, WeightKind kind)
    {
        var place = (kind, lease.Round % 2);
        lock (_gate)
        {
            if (_fetched.TryGetValue(place, out var known) && known.Round == lease.Round && !known.Weights.IsFaulted) return known.Weights;
            if (!_memory.TryGetValue(place, out var memory)) _memory.Add(place, memory = new float[_parameters * Planes(kind)]);
            var weights = Fetch(lease, kind, memory);
            _fetched[place] = (lease.Round, weights);
            return weights;
        }
    }

    private int Planes(WeightKind kind) => kind == WeightKind.Current && assignment.Inner is { AveragesMoments: true } ? 3 : 1;

    private async Task<float[]> Fetch(ShardLease lease, WeightKind kind, float[] target)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var credits = new SemaphoreSlim(MostInFlight);
            await Task.WhenAll(assignment.Ranges.SelectMany((range, index) => Cut.Chunks(range, Planes(kind)).Select((chunk, number) => Fetch(index, chunk, number))));
            if (WeightsHash.Of(WeightsHash.Blocks(target.AsSpan(0, _parameters)).AsSpan()) == lease.WeightsHash) return target;
            if (attempt == MostAttempts) throw new InvalidDataException($"The weights of round {lease.Round} of run '{assignment.Run}' arrived damaged {MostAttempts} times; the network or the memory of a silo is faulty.");

            async Task Fetch(int range, Chunk chunk, int number)
            {
                await credits.WaitAsync();
                try
                {
                    var block = await Repeated.Call(() => grains.GetGrain<IAggregatorGrain>($"{assignment.Run}/{range}").Weights(assignment.Epoch, lease.Round, kind, number), clock);
                    block.Span.CopyTo(target.AsSpan(chunk.Plane * _parameters + chunk.Offset, chunk.Length));
                    Telemetry.CommunicatedBytes.Add(chunk.Length * sizeof(float));
                }
                finally
                {
                    credits.Release();
                }
            }
        }
    }
}
