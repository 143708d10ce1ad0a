using System.Collections.Immutable;
using System.Text.Json;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Objectives;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows;

/// <summary>A flow of one's own instead of a preset, as JSON in the words of flow.json: the layers after the standardisation, which is fitted to the data, and the base.</summary>
public sealed record FlowDesign
{
    /// <summary>The layers in the Normalize direction.</summary>
    public required ImmutableArray<TransformSpec> Transforms { get; init; }

    /// <summary>The base. Default standard-normal.</summary>
    public BaseSpec Base { get; init; } = new StandardNormalSpec();

    /// <summary>The net that looks at the context for all layers and the base; null where they see it as it is.</summary>
    public EmbeddingSpec? Embedding { get; init; }

    /// <summary>What training minimises; null for maximum likelihood.</summary>
    public ObjectiveSpec? Objective { get; init; }

    /// <summary>Its canonical JSON, UTF-8: two texts of one design have the same.</summary>
    public byte[] ToJson() => FlowSpecJson.WriteDesign(this);

    /// <summary>Reads a design; whether it fits the columns is known once they are.</summary>
    /// <exception cref="ArgumentException">It is none; the sentence says why.</exception>
    public static FlowDesign Read(string json)
    {
        try
        {
            var design = FlowSpecJson.ReadDesign(json);
            return design.Transforms.IsDefaultOrEmpty ? throw new JsonException("it has no transforms") : design;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new ArgumentException($"This is not the design of a flow, {{\"transforms\": [{{\"type\": …}}], \"base\": {{\"type\": …}}}}: {error.Message}", error);
        }
    }
}
