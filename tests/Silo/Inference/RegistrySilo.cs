using System.Net;
using System.Text.Json;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Tables;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Serving;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>A silo, and models with versions of different weights.</summary>
public sealed class RegistrySilo : OneSilo
{
    /// <summary>A request about the row (0.5, 0.25).</summary>
    internal const string Row = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0.5,0.25]}]}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Publishes versions of a model, the newest first: the silo tries what is the newest when it hears of a change, and answers with that until a newer one is tested.</summary>
    internal string Publish(string name, int versions)
    {
        for (var version = versions; version >= 1; version--) StoredModels.In(Root).Publish(Version(name, version), []);
        return name;
    }

    /// <summary>Publishes a model of whole numbers.</summary>
    internal string PublishWhole(string name)
    {
        var model = Version(name, 1);
        var flow = model.Flow with { Table = new TableSpec([.. model.Flow.Columns.Select(column => new LatticeColumn(column, 1))], []) };
        StoredModels.In(Root).Publish(model with { Flow = flow, Record = model.Record with { SpecHash = flow.Hash() } }, []);
        return name;
    }

    /// <summary>Publishes a version that does not compute what it says that it computed.</summary>
    internal void PublishWrong(string name, int version)
    {
        var model = Version(name, version);
        StoredModels.In(Root).Publish(model with { Golden = model.Golden! with { LogDensity = [.. model.Golden.LogDensity.Select(score => score + 1)] } }, []);
    }

    /// <summary>What a version says of the row (0.5, 0.25).</summary>
    internal float Score(int version)
    {
        var (model, scores) = (Version("any", version), new float[1]);
        using var engine = FlowEngines.Create(model.Flow);
        model.Weights.CopyTo(engine.Parameters);
        engine.LogDensity([0.5, 0.25], scores, []);
        return scores[0];
    }

    /// <summary>Waits until a metric has a line with some words.</summary>
    internal async Task Metric(params string[] words)
    {
        var (began, metrics) = (TimeProvider.System.GetTimestamp(), "");
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, metrics);
            metrics = await Http.GetStringAsync(new Uri(Url, "/metrics"), Cancellation);
        }
        while (!metrics.Split('\n').Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))));
    }

    /// <summary>The version that answers.</summary>
    internal async Task<string> Answers(string model, string? id = null) =>
        (await Ask(model, id is null ? Row : $"{{\"id\":\"{id}\",{Row[1..]}")).GetProperty("model_version").GetString()!;

    /// <summary>What it answers.</summary>
    internal async Task<JsonElement> Ask(string model, string body)
    {
        using var answer = await Post($"/v2/models/{model}/infer", body);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Sends JSON.</summary>
    internal Task<HttpResponseMessage> Post(string path, string body) =>
        Http.PostAsync(new Uri(Url, path), new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancellation);

    private static StoredModel Version(string name, int version) => StoredModels.With(name, version, TestFlows.Weights(TestFlows.Spec("nsf", 2), seed: version));
}
