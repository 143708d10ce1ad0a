using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FlowGrain.Client;

/// <summary>
/// A request of the Open Inference Protocol: JSON, and behind it <c>x</c> and <c>context</c> as little-endian float64.
/// Source: kserve/open-inference-protocol, inference_rest.md, and Triton's extension_binary_data.md.
/// </summary>
internal sealed class InferenceQuestion
{
    /// <summary>The header that says how many bytes of a body are JSON.</summary>
    internal const string HeaderLength = "Inference-Header-Content-Length";

    private readonly byte[] _body;
    private readonly int _jsonBytes;

    private InferenceQuestion(byte[] body, int jsonBytes) => (_body, _jsonBytes) = (body, jsonBytes);

    /// <summary>Asks for the log-densities of rows.</summary>
    /// <param name="columns">D.</param>
    /// <param name="context">C.</param>
    /// <param name="rows"><c>[B, D + C]</c>.</param>
    /// <param name="latent">Whether to ask for the latents too.</param>
    internal static InferenceQuestion Of(int columns, int context, ReadOnlySpan<double> rows, bool latent)
    {
        var count = rows.Length / (columns + context);
        var json = Header(count, columns, context, latent);
        var body = new byte[json.Length + sizeof(double) * rows.Length];
        json.CopyTo(body);
        Split(rows, columns, context, MemoryMarshal.Cast<byte, double>(body.AsSpan(json.Length)));
        return new(body, json.Length);
    }

    /// <summary>The request, made anew for each attempt.</summary>
    internal HttpRequestMessage To(string path)
    {
        var content = new ByteArrayContent(_body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add(HeaderLength, _jsonBytes.ToString(CultureInfo.InvariantCulture));
        return new(HttpMethod.Post, path) { Content = content };
    }

    private static ReadOnlySpan<byte> Header(int rows, int columns, int context, bool latent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("inputs");
        Input(json, "x", rows, columns);
        if (context > 0) Input(json, "context", rows, context);
        json.WriteEndArray();
        json.WriteStartArray("outputs");
        Output(json, "log_prob");
        if (latent) Output(json, "z");
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void Input(Utf8JsonWriter json, string name, int rows, int columns)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("datatype", "FP64");
        json.WriteStartArray("shape");
        json.WriteNumberValue(rows);
        json.WriteNumberValue(columns);
        json.WriteEndArray();
        json.WriteStartObject("parameters");
        json.WriteNumber("binary_data_size", (long)sizeof(double) * rows * columns);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Output(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartObject("parameters");
        json.WriteBoolean("binary_data", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>From rows <c>[B, D + C]</c> to tensors <c>[B, D]</c> and <c>[B, C]</c>, one behind the other.</summary>
    private static void Split(ReadOnlySpan<double> rows, int columns, int context, Span<double> tensors)
    {
        var width = columns + context;
        var x = tensors[..(rows.Length / width * columns)];
        var given = tensors[x.Length..];
        for (var row = 0; row * width < rows.Length; row++)
        {
            rows.Slice(row * width, columns).CopyTo(x[(row * columns)..]);
            rows.Slice(row * width + columns, context).CopyTo(given[(row * context)..]);
        }
    }
}
