using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;

namespace FlowGrain.Silo.Inference;

/// <summary>Writes the answer of a model: JSON, and behind it the tensors that were asked for as bytes.</summary>
internal static class AnswerWriter
{
    /// <summary>The header that says how many bytes of a body are JSON.</summary>
    internal const string HeaderLength = "Inference-Header-Content-Length";

    private const int Piece = 64 << 10; // bytes

    /// <summary>Writes it.</summary>
    internal static async Task Write(HttpResponse response, InferenceRequest request, string model, int version, ImmutableArray<OutputTensor> outputs, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 10);
        using (var json = new Utf8JsonWriter(buffer)) Write(json, request, model, version, outputs);
        var binary = outputs.Where(output => request.IsBinary(output.Name)).ToList();
        response.ContentType = binary.Count > 0 ? "application/octet-stream" : "application/json";
        if (binary.Count > 0) response.Headers[HeaderLength] = buffer.WrittenCount.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = buffer.WrittenCount + binary.Sum(output => (long)output.Bytes.Length);
        for (var done = 0; done < buffer.WrittenCount; done += Piece) await Write(response, buffer.WrittenSpan[done..Math.Min(done + Piece, buffer.WrittenCount)], cancellation);
        foreach (var output in binary)
            for (var done = 0; done < output.Bytes.Length; done += Piece) await Write(response, output.Bytes[done..Math.Min(done + Piece, output.Bytes.Length)], cancellation);
    }

    /// <summary>Writes a piece once the client has taken the one before: what it has not read is in memory a second time.</summary>
    private static ValueTask<FlushResult> Write(HttpResponse response, ReadOnlySpan<byte> piece, CancellationToken cancellation)
    {
        response.BodyWriter.Write(piece);
        return response.BodyWriter.FlushAsync(cancellation);
    }

    private static void Write(Utf8JsonWriter json, InferenceRequest request, string model, int version, ImmutableArray<OutputTensor> outputs)
    {
        json.WriteStartObject();
        json.WriteString("model_name", model);
        json.WriteString("model_version", version.ToString(CultureInfo.InvariantCulture));
        if (request.Id is { } id) json.WriteString("id", id);
        if (outputs.Where(output => !request.IsBinary(output.Name)).Sum(NonFinite) is > 0 and var count)
        {
            json.WriteStartObject("parameters");
            json.WriteNumber("nonfinite_count", count);
            json.WriteEndObject();
        }

        json.WriteStartArray("outputs");
        foreach (var output in outputs) Write(json, output, request.IsBinary(output.Name));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OutputTensor output, bool isBinary)
    {
        json.WriteStartObject();
        json.WriteString("name", output.Name);
        json.WriteString("datatype", output.Type.Name);
        json.WriteStartArray("shape");
        foreach (var size in output.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        WriteParameters(json, output, isBinary);
        if (!isBinary)
        {
            json.WriteStartArray("data");
            WriteNumbers(json, output);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, OutputTensor output, bool isBinary)
    {
        var unknown = output is BoolTensor { Unknown: > 0 } truths ? truths : null;
        if (!isBinary && unknown is null) return;
        json.WriteStartObject("parameters");
        if (isBinary) json.WriteNumber("binary_data_size", output.Bytes.Length);
        if (unknown is not null)
        {
            json.WriteNumber(BoolTensor.CountParameter, unknown.Unknown);
            json.WriteString(BoolTensor.ReasonParameter, unknown.WhyUnknown);
        }

        json.WriteEndObject();
    }

    /// <summary>In the shortest form that reads back to the same bits; what JSON has no word for is null.</summary>
    private static void WriteNumbers(Utf8JsonWriter json, OutputTensor output)
    {
        if (output is SingleTensor singles)
        {
            foreach (var value in singles.Values.Span)
            {
                if (float.IsFinite(value)) json.WriteNumberValue(value);
                else json.WriteNullValue();
            }
        }
        else if (output is DoubleTensor doubles)
        {
            foreach (var value in doubles.Values.Span)
            {
                if (double.IsFinite(value)) json.WriteNumberValue(value);
                else json.WriteNullValue();
            }
        }
        else if (output is BoolTensor truths)
        {
            foreach (var value in truths.Values)
            {
                if (value is { } known) json.WriteBooleanValue(known);
                else json.WriteNullValue();
            }
        }
    }

    private static long NonFinite(OutputTensor output)
    {
        var count = 0L;
        if (output is SingleTensor singles) foreach (var value in singles.Values.Span) count += float.IsFinite(value) ? 0 : 1;
        if (output is DoubleTensor doubles) foreach (var value in doubles.Values.Span) count += double.IsFinite(value) ? 0 : 1;
        return count;
    }
}
