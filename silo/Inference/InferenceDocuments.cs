using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowGrain.Silo.Inference;

/// <summary>The JSON of a request, for the API's description; what reads it is <see cref="RequestReader"/>.</summary>
/// <param name="Inputs">The tensors.</param>
/// <param name="Id">What the client calls it; echoed.</param>
/// <param name="Outputs">The outputs asked for; without, those that a model gives unasked.</param>
/// <param name="Parameters"><c>timeout</c> in microseconds, <c>binary_data_output</c>.</param>
internal sealed record InferenceOrder(ImmutableArray<TensorDocument> Inputs, string? Id = null, ImmutableArray<OutputOrder>? Outputs = null, JsonElement? Parameters = null);

/// <summary>An output that is asked for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters"><c>binary_data</c>: whether it comes as bytes behind the JSON.</param>
internal sealed record OutputOrder(string Name, JsonElement? Parameters = null);

/// <summary>A tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Datatype">FP32, FP64, INT64 and the others of the protocol.</param>
/// <param name="Data">Its numbers, flat or nested, row-major; absent where they come as bytes.</param>
/// <param name="Parameters"><c>binary_data_size</c>: its bytes behind the JSON.</param>
internal sealed record TensorDocument(string Name, ImmutableArray<long> Shape, string Datatype, JsonElement? Data = null, JsonElement? Parameters = null);

/// <summary>The JSON of an answer, for the API's description; what writes it is <see cref="AnswerWriter"/>.</summary>
/// <param name="ModelName">Who was asked.</param>
/// <param name="ModelVersion">Which version answered.</param>
/// <param name="Outputs">The tensors.</param>
/// <param name="Id">What the client calls the request.</param>
/// <param name="Parameters"><c>nonfinite_count</c>: numbers that JSON has no word for, null in the data.</param>
internal sealed record InferenceAnswer(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    ImmutableArray<TensorDocument> Outputs,
    string? Id = null,
    JsonElement? Parameters = null);
