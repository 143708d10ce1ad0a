using System.Reflection;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>One transform of a chain, as data. A new family adds one record and one <see cref="Bijection"/> in one file, and a line here.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MarginalSpec), "marginal")]
[JsonDerivedType(typeof(StandardizeSpec), "standardize")]
[JsonDerivedType(typeof(PermuteSpec), "permute")]
[JsonDerivedType(typeof(LuLinearSpec), "lu-linear")]
[JsonDerivedType(typeof(CouplingSpec), "coupling")]
[JsonDerivedType(typeof(AutoregressiveSpec), "autoregressive")]
[JsonDerivedType(typeof(InverseSpec), "inverse")]
[JsonDerivedType(typeof(SubsetSpec), "subset")]
[JsonDerivedType(typeof(ActNormSpec), "act-norm")]
[JsonDerivedType(typeof(DequantizeSpec), "dequantize")]
[JsonDerivedType(typeof(RotationSpec), "rotation")]
[JsonDerivedType(typeof(MatrixExponentialSpec), "matrix-exponential")]
[JsonDerivedType(typeof(HouseholderSpec), "householder")]
[JsonDerivedType(typeof(PlanarSpec), "planar")]
[JsonDerivedType(typeof(RadialSpec), "radial")]
[JsonDerivedType(typeof(SylvesterSpec), "sylvester")]
[JsonDerivedType(typeof(ResidualSpec), "residual")]
[JsonDerivedType(typeof(ContinuousSpec), "continuous")]
public abstract record TransformSpec
{
    /// <summary>What its JSON calls it, such as <c>coupling</c>.</summary>
    [JsonIgnore]
    public string Name => typeof(TransformSpec).GetCustomAttributes<JsonDerivedTypeAttribute>().First(derived => derived.DerivedType == GetType()).TypeDiscriminator!.ToString()!;

    /// <summary>What the transform can do in a flow of this shape, and how exactly.</summary>
    internal virtual Capability Can(FlowShape shape) => Capabilities.Closed;

    /// <summary>The same transform with its numerical error made far smaller, to measure it by.</summary>
    internal virtual TransformSpec Finer() => this;

    /// <summary>Adds the transform's parameters to the layout.</summary>
    internal abstract void Declare(ParameterScope scope, FlowShape shape);

    /// <summary>Builds the transform over the parameters that <see cref="Declare"/> named.</summary>
    internal abstract Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype);

    /// <summary>Whether it takes angles of a flow of this shape for what they are: places on circles, of which a turn more is the same.</summary>
    internal virtual bool TakesAngles(FlowShape shape) => false;

    /// <summary>What is wrong with it for a flow of this shape, a sentence each.</summary>
    internal abstract IEnumerable<string> Problems(FlowShape shape);

    /// <summary><see cref="Problems"/>, and that it would take an angle for a number.</summary>
    internal IEnumerable<string> ProblemsIn(FlowShape shape) => shape.Circles is null || TakesAngles(shape) ? Problems(shape)
        : [.. Problems(shape), $"{Name} moves columns {string.Join(", ", shape.Angles)} as numbers, and they are angles; put it into a 'subset' of the other columns."];
}
