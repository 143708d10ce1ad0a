using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Api.Live;

/// <summary>What the models of all silos answer, over the last seconds: from looks at what each silo has answered since it started.</summary>
internal sealed class ServingLoad(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Time, Dictionary<string, ImmutableArray<ModelLoad>> Silos)> _looks = [];

    /// <summary>Takes a look, and tells what came of it since the oldest that is kept.</summary>
    /// <param name="silos">What each silo has answered, by its address.</param>
    internal ImmutableArray<ServedModel> After(Dictionary<string, ImmutableArray<ModelLoad>> silos)
    {
        var now = clock.GetTimestamp();
        while (_looks.Count > 1 && clock.GetElapsedTime(_looks.Peek().Time, now) > Window) _looks.Dequeue();
        _looks.Enqueue((now, silos));
        var seconds = Math.Max(1, clock.GetElapsedTime(_looks.Peek().Time, now).TotalSeconds);
        return [.. silos.SelectMany(silo => Since(silo.Value, Oldest(silo.Key))).GroupBy(load => load.Model).OrderBy(model => model.Key, StringComparer.Ordinal).Select(model => Served(model, seconds))];
    }

    /// <summary>What a silo had answered when it was first heard of; it need not answer every look, and what is since it started is not since the look before.</summary>
    private ImmutableArray<ModelLoad> Oldest(string silo) => _looks.Select(look => look.Silos).First(look => look.ContainsKey(silo))[silo];

    private static IEnumerable<ModelLoad> Since(ImmutableArray<ModelLoad> now, ImmutableArray<ModelLoad> before) =>
        now.Select(load => before.FirstOrDefault(other => (other.Model, other.Version) == (load.Model, load.Version)) is { } earlier ? Since(load, earlier) : load);

    private static ModelLoad Since(ModelLoad now, ModelLoad before) => now with
    {
        Latencies = [.. now.Latencies.Zip(before.Latencies, (later, earlier) => later - earlier)],
        Failed = now.Failed - before.Failed,
        Batches = now.Batches - before.Batches,
        Rows = now.Rows - before.Rows,
    };

    private static ServedModel Served(IGrouping<string, ModelLoad> model, double seconds)
    {
        var latencies = Enumerable.Range(0, LatencySteps.Count).Select(step => model.Sum(load => load.Latencies[step])).ToArray();
        var (batches, rows) = (model.Sum(load => load.Batches), model.Sum(load => load.Rows));
        return new ServedModel(
            model.Key, latencies.Sum() / seconds, model.Sum(load => load.Failed) / seconds, LatencySteps.Milliseconds(latencies, 0.5), LatencySteps.Milliseconds(latencies, 0.99),
            batches == 0 ? double.NaN : (double)rows / batches, rows / seconds, model.Sum(load => load.Waiting));
    }
}
