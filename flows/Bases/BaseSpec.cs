using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>The base density, as data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(StandardNormalSpec), "standard-normal")]
public abstract record BaseSpec
{
    /// <summary>Builds the density.</summary>
    internal abstract Density Build(int dimension, ScalarType dtype);
}

/// <summary>Independent standard normals.</summary>
public sealed record StandardNormalSpec : BaseSpec
{
    internal override Density Build(int dimension, ScalarType dtype) => new StandardNormal(dimension, dtype);
}
