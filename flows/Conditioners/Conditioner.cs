using System.Text.Json.Serialization;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Conditioners;

/// <summary>A net that makes the parameters of scalar maps, as data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConstantSpec), "constant")]
[JsonDerivedType(typeof(MlpSpec), "mlp")]
[JsonDerivedType(typeof(ResidualNetSpec), "residual")]
public abstract record ConditionerSpec
{
    /// <summary>Adds the net's parameters to the layout.</summary>
    internal abstract void Declare(ParameterScope scope, int inputs, int outputs);

    /// <summary>Builds the net over the parameters that <see cref="Declare"/> named.</summary>
    internal abstract Conditioner Build(ViewScope views);

    /// <summary>What is wrong with it for this many inputs, a sentence each.</summary>
    internal abstract IEnumerable<string> Problems(int inputs);

    /// <summary>Declares a linear layer: <c>weight [outputs, inputs]</c> and <c>bias [outputs]</c>.</summary>
    private protected static void DeclareLinear(ParameterScope scope, int inputs, int outputs, Initializer? weight = null)
    {
        scope.Add("weight", weight ?? Initializer.FanIn(inputs), outputs, inputs);
        scope.Add("bias", weight ?? Initializer.FanIn(inputs), outputs);
    }
}

/// <summary>Makes the parameters of scalar maps from the columns that pass through and the context.</summary>
internal abstract class Conditioner
{
    /// <summary>Parameters <c>[B, outputs]</c>; <paramref name="passed"/> is <c>[B, p]</c> or null, <paramref name="context"/> <c>[B, C]</c> or null.</summary>
    internal abstract Tensor Parameters(long rows, Tensor? passed, Tensor? context);

    /// <summary>The inputs of a net side by side.</summary>
    private protected static Tensor Inputs(Tensor? passed, Tensor? context) => (passed, context) switch
    {
        ({ } p, { } c) => cat([p, c], 1),
        ({ } p, null) => p,
        (null, { } c) => c,
        _ => throw new InvalidOperationException("A net without inputs was built; its spec should be 'constant'."),
    };

    /// <summary><c>h Wᵀ + b</c>.</summary>
    private protected static Tensor Linear(Tensor h, ViewScope layer) => h.Linear(layer["weight"], layer["bias"]);
}
