using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using FlowGrain.Cluster;
using FlowGrain.Serving;
using Microsoft.Extensions.Options;

namespace FlowGrain.Bench.Serving;

/// <summary>
/// The versions of a soak's model. At each swap the next is imported over HTTP, the champion moves to it, and the one before is
/// deleted, so that at each something is loaded, and something freed.
/// </summary>
/// <param name="silo">The silo.</param>
/// <param name="http">Asks it.</param>
/// <param name="config">What the model is.</param>
internal sealed class SoakVersions(ServingSilo silo, HttpClient http, string config) : IDisposable
{
    private readonly TemporaryHome _workshop = new();

    /// <summary>The alias that decides which version answers.</summary>
    internal Champion Champion { get; } = new(silo.Url, config);

    /// <summary>The body that each version answers with, by its number.</summary>
    internal ConcurrentDictionary<int, byte[]> Answers { get; } = [];

    /// <summary>Brings a version up, and has it answer.</summary>
    internal async Task Bring(int version)
    {
        var model = ServingSilo.Publish(_workshop.Path, config, version);
        var archive = Path.Combine(_workshop.Path, "model.zip");
        new ModelStore(Options.Create(new StorageOptions { Root = _workshop.Path }), TimeProvider.System).Export(config, version, archive);
        await Import(archive, version);
        Answers[version] = await Answer(model, version);
        await Champion.Point(http, version);
        if (version > 1) await Delete(version - 1);
    }

    /// <inheritdoc />
    public void Dispose() => _workshop.Dispose();

    private async Task Import(string archive, int version)
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(archive));
        using var answer = await http.PostAsync(new Uri(silo.Url, $"/api/v1/models/{config}/archive"), body);
        answer.EnsureSuccessStatusCode();
        var imported = await answer.Content.ReadFromJsonAsync<Imported>();
        if (imported?.Version != version) throw new InvalidOperationException($"Version {version} was imported, and the silo calls it {imported?.Version}.");
    }

    /// <summary>What a version answers when it is asked by its number.</summary>
    private async Task<byte[]> Answer(StoredModel model, int version)
    {
        using var connection = await LoadConnection.Open(silo.Url);
        return await connection.Ask(ServingSpeed.Row(model, $"{model.Name}/versions/{version}")) == 200 ? connection.Body.ToArray() : throw new InvalidOperationException($"Version {version} does not answer.");
    }

    private async Task Delete(int version)
    {
        using var answer = await http.DeleteAsync(new Uri(silo.Url, $"/api/v1/models/{config}?version={version.ToString(CultureInfo.InvariantCulture)}"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What of the description of a version is looked at.</summary>
    private sealed record Imported(int Version);
}
