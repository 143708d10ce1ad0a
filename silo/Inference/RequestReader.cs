using System.Collections.Immutable;
using System.Text.Json;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// Reads an inference request: JSON, and behind it the tensors that come as bytes. Protocol: kserve/open-inference-protocol,
/// inference_rest.md; bytes: Triton's extension_binary_data.md.
/// </summary>
internal ref struct RequestReader
{
    private static readonly ImmutableArray<string> OfRequest = ["id", "parameters", "inputs", "outputs"], OfInput = ["name", "shape", "datatype", "data", "parameters"], OfOutput = ["name", "parameters"];

    private Utf8JsonReader _json;
    private readonly Action<long> _take;
    private ReadOnlySpan<byte> _tail; // bytes of tensors that were not taken yet

    private RequestReader(ReadOnlySpan<byte> header, ReadOnlySpan<byte> tail, Action<long> take)
    {
        _json = new Utf8JsonReader(header);
        _tail = tail;
        _take = take;
    }

    /// <summary>How many numbers the JSON of a body can have, without reading it: there is a comma between any two.</summary>
    internal static long MostNumbers(ReadOnlySpan<byte> body, long? headerBytes) => body[..(int)Math.Clamp(headerBytes ?? body.Length, 0, body.Length)].Count((byte)',');

    /// <summary>Reads a request.</summary>
    /// <param name="body">All of its body.</param>
    /// <param name="headerBytes">How many bytes of it are JSON; null where all are, 0 where the body is the only input and nothing else.</param>
    /// <param name="take">Asks for room for so many numbers that come as bytes; null asks nobody.</param>
    /// <exception cref="BadInputException">It is not as the protocol has it; the sentence says where.</exception>
    internal static InferenceRequest Read(ReadOnlySpan<byte> body, long? headerBytes, Action<long>? take = null)
    {
        take ??= _ => { };
        if (headerBytes < 0 || headerBytes > body.Length) throw new BadInputException($"Inference-Header-Content-Length is {headerBytes}, and the body has {body.Length} bytes; it is the length of the JSON at its beginning.");
        if (headerBytes == 0) return Bare(body, take);
        if (body.IsEmpty) throw new BadInputException("The request has no body; send one of JSON, {\"inputs\": [{\"name\", \"shape\", \"datatype\", \"data\"}]}.");
        var header = (int)(headerBytes ?? body.Length);
        var reader = new RequestReader(body[..header], body[header..], take);
        try
        {
            return reader.Request();
        }
        catch (JsonException broken)
        {
            throw new BadInputException($"The request is no JSON at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}; {(IsNotFinite(broken) ? "it has no NaN and no infinity: send null for a value that is missing" : "mend it there")}.");
        }
        catch (InvalidOperationException) // text that is not UTF-8
        {
            throw new BadInputException("The request has text that is not UTF-8; mend it.");
        }
    }

    /// <summary>Whether what is no JSON begins as NaN or Infinity do, which many writers of JSON write.</summary>
    private static bool IsNotFinite(JsonException broken) => broken.Message.StartsWith("'N' ", StringComparison.Ordinal) || broken.Message.StartsWith("'I' ", StringComparison.Ordinal);

    private static InferenceRequest Bare(ReadOnlySpan<byte> body, Action<long> take)
    {
        take(body.Length / sizeof(float));
        return new InferenceRequest { Raw = body.ToArray(), BinaryOutput = true };
    }

    private InferenceRequest Request()
    {
        var (request, inputs) = (new InferenceRequest(), ImmutableArray.CreateBuilder<Tensor>());
        _json.Read();
        Require(JsonTokenType.StartObject, "The request", "an object");
        while (Property() is { } property)
        {
            switch (property)
            {
                case "id": request = request with { Id = Text("id") }; break;
                case "parameters": request = Parameters(request); break;
                case "inputs":
                    BeginArray("inputs");
                    while (Next()) inputs.Add(Input());
                    break;
                case "outputs": request = request with { Outputs = Outputs() }; break;
                default: KnownParameters.Require("field", "the request", property, OfRequest); break;
            }
        }

        if (_json.Read()) throw new BadInputException("The request goes on behind its JSON; send one object, and tensors as bytes only with their binary_data_size.");
        if (_tail.Length > 0) throw new BadInputException($"{_tail.Length} bytes follow the JSON that no input has as its binary_data_size; correct the sizes.");
        if (inputs.GroupBy(input => input.Name).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new BadInputException($"The input '{Excerpt.Of(twice.Key)}' is there twice; send it once.");
        return request with { Inputs = inputs.ToImmutable() };
    }

    private InferenceRequest Parameters(InferenceRequest request)
    {
        Require(JsonTokenType.StartObject, "parameters", "an object");
        while (Property() is { } property)
        {
            KnownParameters.Require("parameter", "the request", property, KnownParameters.OfRequest);
            if (property == KnownParameters.Timeout) request = request with { Timeout = Microseconds() };
            else if (property == KnownParameters.Score) request = request with { Score = Text(property) };
            else if (property == KnownParameters.DequantiseDraws) request = request with { DequantiseDraws = Whole(property) };
            else if (property == KnownParameters.BinaryOutput) request = request with { BinaryOutput = Flag(property) };
            else _json.Skip();
        }

        return request;
    }

    private Tensor Input()
    {
        var tensor = new TensorReader(_take);
        Require(JsonTokenType.StartObject, "an input", "an object");
        while (Property() is { } property)
        {
            switch (property)
            {
                case "name": tensor.Name = Text("name"); break;
                case "datatype": tensor.Datatype = Text("datatype"); break;
                case "shape":
                    BeginArray("shape");
                    while (Next()) tensor.Shape.Add(Size());
                    break;
                case "data": tensor.Read(ref _json); break;
                case "parameters": tensor.BinaryBytes = BinaryBytes(); break;
                default: KnownParameters.Require("field", "an input", property, OfInput); break;
            }
        }

        if (tensor.BinaryBytes is not { } bytes) return tensor.OfJson();
        if (tensor.Count > 0) throw new BadInputException($"'{Excerpt.Of(tensor.Name)}' has data and a binary_data_size; send one of the two.");
        if (bytes > _tail.Length) throw new BadInputException($"'{Excerpt.Of(tensor.Name)}' has {bytes} bytes as its binary_data_size, and {_tail.Length} are left behind the JSON; send all of them.");
        var own = _tail[..(int)bytes];
        _tail = _tail[(int)bytes..];
        return tensor.OfBytes(own);
    }

    private long? BinaryBytes()
    {
        long? bytes = null;
        Require(JsonTokenType.StartObject, "parameters", "an object");
        while (Property() is { } property)
        {
            KnownParameters.Require("parameter", "an input", property, KnownParameters.OfInput);
            if (property != KnownParameters.BinarySize) _json.Skip();
            else bytes = _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var size) && size >= 0 ? size : throw new BadInputException("binary_data_size is no number of bytes; send one from 0 on.");
        }

        return bytes;
    }

    private ImmutableArray<RequestedOutput> Outputs()
    {
        var outputs = ImmutableArray.CreateBuilder<RequestedOutput>();
        BeginArray("outputs");
        while (Next()) outputs.Add(Output());
        return outputs.ToImmutable();
    }

    private RequestedOutput Output()
    {
        var (name, binary) = ("", (bool?)null);
        Require(JsonTokenType.StartObject, "an output", "an object");
        while (Property() is { } property)
        {
            KnownParameters.Require("field", "an output", property, OfOutput);
            if (property == "name") name = Text("name");
            else binary = Binary();
        }

        return new RequestedOutput(name, binary);
    }

    private bool? Binary()
    {
        bool? binary = null;
        Require(JsonTokenType.StartObject, "parameters", "an object");
        while (Property() is { } property)
        {
            KnownParameters.Require("parameter", "an output", property, KnownParameters.OfOutput);
            if (property == KnownParameters.Binary) binary = Flag(property);
            else _json.Skip();
        }

        return binary;
    }

    /// <summary>Goes to the value of the next property; null at the end of the object.</summary>
    private string? Property()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject) return null;
        var name = _json.GetString();
        _json.Read();
        return name;
    }

    private readonly void BeginArray(string what) => Require(JsonTokenType.StartArray, what, "an array");

    /// <summary>Goes to the next item of an array; false at its end.</summary>
    private bool Next()
    {
        _json.Read();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    private readonly long Size() => _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var size) && size >= 0 ? size : throw Wrong("shape", "an array of whole numbers from 0 on");

    private readonly void Require(JsonTokenType kind, string what, string wanted)
    {
        if (_json.TokenType != kind) throw Wrong(what, wanted);
    }

    private readonly string Text(string what) => _json.TokenType == JsonTokenType.String ? _json.GetString()! : throw Wrong(what, "a text");

    private readonly bool Flag(string what) => _json.TokenType is JsonTokenType.True or JsonTokenType.False ? _json.GetBoolean() : throw Wrong(what, "true or false");

    private readonly TimeSpan? Microseconds() => _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var microseconds) && microseconds >= 0
        ? InferenceRequest.Patience(microseconds)
        : throw Wrong("timeout", "a number of microseconds");

    private readonly int Whole(string what) => _json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out var number) ? number : throw Wrong(what, "a whole number");

    private static BadInputException Wrong(string what, string wanted) => new($"{what} is not {wanted}; the Open Inference Protocol has {{id, parameters, inputs: [{{name, shape, datatype, data}}], outputs: [{{name}}]}}.");
}
