using System.Diagnostics.Metrics;

namespace FlowGrain.Serving;

/// <summary>Tells dashboards which version of each model answers, as long as it lives; of the first models by name only, so that there is a bound.</summary>
internal sealed class ModelInfo(ModelStore store, KnownModels models) : IDisposable
{
    private const int Most = 256;

    private readonly Meter _meter = Telemetry.ModelInfo(() => store.RecentNames().Take(Most).SelectMany(name => Answering(models, name)));

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<(string Model, int Version)> Answering(KnownModels models, string name)
    {
        int version;
        try
        {
            version = models.Resolve(name, which: null);
        }
        catch (BadInputException)
        {
            yield break; // it was deleted just now, or its aliases cannot be read, which the log and every list say
        }

        yield return (name, version);
    }
}
