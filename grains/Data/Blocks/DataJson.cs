using System.Text.Json.Serialization;

namespace FlowGrain.Data;

/// <summary>Generated JSON code of the files that a data set keeps on disk: no reflection, so start-up stays short.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DataSelection))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(SourceRecord))]
[JsonSerializable(typeof(SourceFiles))]
internal sealed partial class DataJson : JsonSerializerContext;
