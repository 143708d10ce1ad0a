using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FlowGrain.Client;

/// <summary>The answer to an <see cref="InferenceQuestion"/>: JSON, and behind it the outputs as little-endian float32.</summary>
internal static class InferenceAnswer
{
    /// <summary>Reads it.</summary>
    internal static async Task<Scores> Read(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var header = JsonBytes(response, body);
        using var json = JsonDocument.Parse(body.AsMemory(0, header));
        var version = int.Parse(json.RootElement.GetProperty("model_version").GetString()!, CultureInfo.InvariantCulture);
        var (logDensity, latent, at) = (Array.Empty<float>(), (float[]?)null, header);
        foreach (var output in json.RootElement.GetProperty("outputs").EnumerateArray())
        {
            var bytes = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            var numbers = MemoryMarshal.Cast<byte, float>(body.AsSpan(at, bytes)).ToArray();
            if (output.GetProperty("name").ValueEquals("z")) latent = numbers;
            else logDensity = numbers;
            at += bytes;
        }

        return new(version, logDensity, latent);
    }

    private static int JsonBytes(HttpResponseMessage response, byte[] body) =>
        response.Headers.TryGetValues(InferenceQuestion.HeaderLength, out var values) && int.TryParse(values.Single(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes <= body.Length
            ? bytes
            : throw new InvalidOperationException($"{response.RequestMessage!.RequestUri} answers without tensors as bytes; is that a FlowGrain silo?");
}
