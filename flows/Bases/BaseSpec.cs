using System.Reflection;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>The base density, as data. A new family adds one record and one <see cref="Density"/> in one file, and a line here.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(StandardNormalSpec), "standard-normal")]
[JsonDerivedType(typeof(DiagonalNormalSpec), "diagonal-normal")]
[JsonDerivedType(typeof(StudentTSpec), "student-t")]
[JsonDerivedType(typeof(BoxUniformSpec), "box-uniform")]
[JsonDerivedType(typeof(MixtureSpec), "mixture")]
[JsonDerivedType(typeof(ResampledSpec), "resampled")]
[JsonDerivedType(typeof(FlowBaseSpec), "flow")]
public abstract record BaseSpec
{
    /// <summary>What its JSON calls it, such as <c>standard-normal</c>.</summary>
    [JsonIgnore]
    public string Name => typeof(BaseSpec).GetCustomAttributes<JsonDerivedTypeAttribute>().First(derived => derived.DerivedType == GetType()).TypeDiscriminator!.ToString()!;

    /// <summary>Adds the density's parameters to the layout.</summary>
    internal virtual void Declare(ParameterScope scope, FlowShape shape)
    {
    }

    /// <summary>Builds the density over the parameters that <see cref="Declare"/> named.</summary>
    internal abstract Density Build(ViewScope views, FlowShape shape, ScalarType dtype);

    /// <summary>What it can do, and how exactly.</summary>
    internal virtual Capability Can(FlowShape shape) => Capabilities.Closed;

    /// <summary>The same density with its numerical error made far smaller, to measure it by.</summary>
    internal virtual BaseSpec Finer() => this;

    /// <summary>What is wrong with it for a flow of this shape, a sentence each.</summary>
    internal virtual IEnumerable<string> Problems(FlowShape shape) => [];
}
