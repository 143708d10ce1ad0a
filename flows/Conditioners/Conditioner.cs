using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Conditioners;

/// <summary>A net that makes the parameters of scalar maps, as data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConstantSpec), "constant")]
[JsonDerivedType(typeof(MlpSpec), "mlp")]
[JsonDerivedType(typeof(ResidualNetSpec), "residual")]
[JsonDerivedType(typeof(FourierSpec), "fourier")]
[JsonDerivedType(typeof(GatedResidualSpec), "gated-residual")]
[JsonDerivedType(typeof(ContextMadeSpec), "context-made")]
public abstract record ConditionerSpec
{
    /// <summary>Adds the net's parameters to the layout.</summary>
    internal abstract void Declare(ParameterScope scope, NetShape shape);

    /// <summary>Builds the net over the parameters that <see cref="Declare"/> named.</summary>
    internal abstract Conditioner Build(ViewScope views);

    /// <summary>What is wrong with it between these inputs and outputs, a sentence each.</summary>
    internal abstract IEnumerable<string> Problems(NetShape shape);

    /// <summary>Declares a linear layer: <c>weight [outputs, inputs]</c>, masked or not, and <c>bias [outputs]</c>.</summary>
    private protected static void DeclareLinear(ParameterScope scope, int inputs, int outputs, ImmutableArray<int>? mask, Initializer? initial = null)
    {
        var start = initial ?? Initializer.FanIn(inputs);
        if (mask is { } free) scope.AddMasked("weight", start, inputs, free);
        else scope.Add("weight", start, outputs, inputs);
        scope.Add("bias", start, outputs);
    }
}

/// <summary>Makes the parameters of scalar maps from columns and the context.</summary>
internal abstract class Conditioner
{
    /// <summary>Parameters <c>[B, outputs]</c> from the inputs <paramref name="first"/> <c>[B, n]</c> and, to their right, <paramref name="second"/> <c>[B, m]</c>; either may be null.</summary>
    internal abstract Tensor Parameters(long rows, Tensor? first, Tensor? second);

    /// <summary>The inputs of a net side by side.</summary>
    private protected static Tensor Inputs(Tensor? first, Tensor? second) => (first, second) switch
    {
        ({ } left, { } right) => cat([left, right], 1),
        ({ } only, null) => only,
        (null, { } only) => only,
        _ => throw new InvalidOperationException("A net without inputs was built; its spec should be 'constant'."),
    };

    /// <summary><c>h Wᵀ + b</c>.</summary>
    private protected static Tensor Linear(Tensor h, ViewScope layer) => h.Linear(layer.Masked("weight"), layer["bias"]);
}
