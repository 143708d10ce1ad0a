using System.Reflection;
using System.Text.Json.Serialization;
using FlowGrain.Flows.Engines;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Objectives;

/// <summary>What training minimises, as data. A new objective adds one record in one file, and a line here.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(FlowMatchingSpec), "flow-matching")]
public abstract record ObjectiveSpec
{
    /// <summary>What its JSON calls it, such as <c>flow-matching</c>.</summary>
    [JsonIgnore]
    public string Name => typeof(ObjectiveSpec).GetCustomAttributes<JsonDerivedTypeAttribute>().First(derived => derived.DerivedType == GetType()).TypeDiscriminator!.ToString()!;

    /// <summary>The sum of the loss over rows <c>[B, D]</c>, a scalar with a gradient.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Rows, units of the data.</param>
    /// <param name="context"><c>[B, C]</c> or null.</param>
    /// <param name="draw">The random numbers of the rows.</param>
    /// <param name="weights">How often each row counts, <c>[B]</c>; null where each counts once.</param>
    internal abstract Tensor Loss(Flow flow, Tensor x, Tensor? context, TrainingDraw draw, Tensor? weights);

    /// <summary>What keeps it from training a flow, a sentence each.</summary>
    internal abstract IEnumerable<string> Problems(FlowSpec spec);
}
