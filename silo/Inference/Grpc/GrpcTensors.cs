using System.Collections.Immutable;
using Google.Protobuf;

namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>Requests and answers as the messages of gRPC have them.</summary>
internal static class GrpcTensors
{
    /// <summary>How many numbers a request has that are not raw.</summary>
    internal static long Numbers(ModelInferRequest message) => message.Inputs.Select(input => input.Contents).OfType<InferTensorContents>().Sum(contents =>
        (long)contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.UintContents.Count + contents.Uint64Contents.Count + contents.Fp32Contents.Count + contents.Fp64Contents.Count);

    /// <summary>Reads a request.</summary>
    /// <exception cref="BadInputException">A tensor's shape, type and contents do not go together.</exception>
    internal static InferenceRequest Read(ModelInferRequest message, TakenRoom taken)
    {
        var isRaw = message.RawInputContents.Count > 0;
        if (isRaw && message.RawInputContents.Count != message.Inputs.Count)
            throw new BadInputException($"raw_input_contents has {message.RawInputContents.Count} tensors for {message.Inputs.Count} inputs; send one for each, in order.");
        if (message.Inputs.GroupBy(input => input.Name).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new BadInputException($"The input '{Excerpt.Of(twice.Key)}' is there twice; send it once.");
        RequireKnown(message);
        return new InferenceRequest
        {
            Id = message.Id == "" ? null : message.Id,
            Timeout = message.Parameters.TryGetValue(KnownParameters.Timeout, out var timeout) ? Microseconds(timeout) : null,
            Score = message.Parameters.TryGetValue(KnownParameters.Score, out var score) ? score.StringParam : null,
            DequantiseDraws = message.Parameters.TryGetValue(KnownParameters.DequantiseDraws, out var draws) ? Draws(draws) : null,
            Reserve = taken.Grow,
            Inputs = [.. message.Inputs.Select((input, index) => isRaw ? Raw(input, message.RawInputContents[index], taken) : Typed(input))],
            Outputs = [.. message.Outputs.Select(output => new RequestedOutput(output.Name, Binary: true))],
        };
    }

    private static void RequireKnown(ModelInferRequest message)
    {
        foreach (var name in message.Parameters.Keys) KnownParameters.Require("parameter", "the request", name, KnownParameters.OfRequest);
        foreach (var name in message.Inputs.SelectMany(input => input.Parameters.Keys)) KnownParameters.Require("parameter", "an input", name, KnownParameters.OfInput);
        foreach (var name in message.Outputs.SelectMany(output => output.Parameters.Keys)) KnownParameters.Require("parameter", "an output", name, KnownParameters.OfOutput);
    }

    /// <summary>Writes an answer, its numbers raw.</summary>
    internal static ModelInferResponse Write(string model, int version, string? id, ImmutableArray<OutputTensor> outputs)
    {
        var message = new ModelInferResponse { ModelName = model, ModelVersion = $"{version}", Id = id ?? "" };
        foreach (var output in outputs)
        {
            message.Outputs.Add(Described(output));
            message.RawOutputContents.Add(ByteString.CopyFrom(output.Bytes));
        }

        return message;
    }

    private static ModelInferResponse.Types.InferOutputTensor Described(OutputTensor output)
    {
        var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = output.Name, Datatype = output.Type.Name, Shape = { output.Shape } };
        if (output is not BoolTensor { Unknown: > 0 } truths) return tensor;
        tensor.Parameters[BoolTensor.CountParameter] = new InferParameter { Int64Param = truths.Unknown };
        tensor.Parameters[BoolTensor.ReasonParameter] = new InferParameter { StringParam = truths.WhyUnknown };
        return tensor;
    }

    private static Tensor Raw(ModelInferRequest.Types.InferInputTensor input, ByteString bytes, TakenRoom taken)
    {
        if (input.Contents is not null) throw new BadInputException($"'{Excerpt.Of(input.Name)}' has contents, and raw_input_contents came too; send one of the two.");
        return Reader(input, taken.GrowByDoubles).OfBytes(bytes.Span);
    }

    private static Tensor Typed(ModelInferRequest.Types.InferInputTensor input)
    {
        var contents = input.Contents ?? new InferTensorContents();
        return input.Datatype switch
        {
            "BOOL" => Whole(contents.BoolContents.Select(value => value ? 1L : 0)),
            "INT8" or "INT16" or "INT32" => Whole(contents.IntContents.Select(value => (long)value)),
            "UINT8" or "UINT16" or "UINT32" => Whole(contents.UintContents.Select(value => (long)value)),
            "INT64" => Whole(contents.Int64Contents),
            "UINT64" => Reader(input).OfNumbers([.. contents.Uint64Contents.Select(value => (double)value)], [.. contents.Uint64Contents.Select(value => (long)value)]),
            "FP64" => Reader(input).OfNumbers([.. contents.Fp64Contents], []),
            _ => Reader(input).OfNumbers([.. contents.Fp32Contents.Select(value => (double)value)], []), // what is no type of numbers is refused there
        };

        Tensor Whole(IEnumerable<long> values)
        {
            var whole = values.ToArray();
            return Reader(input).OfNumbers([.. whole.Select(value => (double)value)], whole);
        }
    }

    private static TensorReader Reader(ModelInferRequest.Types.InferInputTensor input, Action<long>? take = null)
    {
        if (input.Shape.Any(size => size < 0)) throw new BadInputException($"The shape {Excerpt.Of(input.Shape)} of '{Excerpt.Of(input.Name)}' has a size below 0; send how many there are.");
        var reader = new TensorReader(take ?? (_ => { })) { Name = input.Name, Datatype = input.Datatype };
        reader.Shape.AddRange(input.Shape);
        return reader;
    }

    private static int Draws(InferParameter parameter) => parameter.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.Int64Param => (int)Math.Clamp(parameter.Int64Param, int.MinValue, int.MaxValue),
        InferParameter.ParameterChoiceOneofCase.Uint64Param => (int)Math.Min(parameter.Uint64Param, int.MaxValue),
        _ => throw new BadInputException($"{KnownParameters.DequantiseDraws} is no whole number; send one from 1 on."),
    };

    private static TimeSpan? Microseconds(InferParameter parameter) => parameter.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.Int64Param when parameter.Int64Param >= 0 => InferenceRequest.Patience(parameter.Int64Param),
        InferParameter.ParameterChoiceOneofCase.Uint64Param => InferenceRequest.Patience((long)Math.Min(parameter.Uint64Param, long.MaxValue)),
        _ => throw new BadInputException($"{KnownParameters.Timeout} is no number of microseconds; send one from 0 on."),
    };
}
