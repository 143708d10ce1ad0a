using System.Diagnostics.Metrics;
using FlowGrain.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class ModelInfoTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_whose_aliases_cannot_be_read_hides_no_other()
    {
        var store = StoredModels.In(_folder.Path);
        foreach (var name in new[] { "damaged", "sound" }) store.Publish(StoredModels.Some(name), []);
        File.WriteAllText(Path.Combine(_folder.Path, "models", "damaged", "history.ndjson"), "{\n");
        using var info = new ModelInfo(store, new KnownModels(store: StoredModels.In(_folder.Path), TimeProvider.System, NullLogger<KnownModels>.Instance));
        var seen = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (instrument.Name == "flowgrain.model_info") listening.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => seen.Add((string)tags[0].Value!));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Contains("sound", seen);
    }

    [Fact]
    public void The_statistics_of_a_version_that_is_gone_are_forgotten_with_those_of_its_functions()
    {
        var statistics = new ModelStatistics();
        foreach (var name in new[] { "m", "m.sample", "m.detect", "m.x" })
            for (var version = 1; version <= 2; version++) statistics.Of(name, version);
        statistics.Keep("m", [2]);
        Assert.Equal(["m.detect@2", "m.sample@2", "m.x@1", "m.x@2", "m@2"], statistics.Loads.Select(load => $"{load.Model}@{load.Version}").Order(StringComparer.Ordinal));
    }
}
