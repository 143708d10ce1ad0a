using System.Collections.Immutable;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Kernels;

/// <summary>Turns a flow into its list of kernels. A new transform, map or net adds its kernel, a line to what is known here and one to what is made of it.</summary>
internal static class Lowering
{
    /// <summary>Whether every part of the flow has a kernel; its gradients are those of the likelihood.</summary>
    internal static bool Knows(FlowSpec spec) => spec is { Base: StandardNormalSpec, Objective: null, Embedding: null } && spec.Shape().Circles is null && spec.Transforms.Skip(spec.FirstLearned).All(Knows);

    /// <summary>The kernels after the standardisation, in the Normalize direction.</summary>
    internal static ImmutableArray<Kernel<T>> Kernels<T>(FlowSpec spec) where T : struct, ILanes<T>
    {
        var layout = spec.Layout();
        return [.. spec.Transforms.Select((transform, i) => (transform, i)).Skip(spec.FirstLearned).Select(at => Lower<T>(at.transform, spec.Shape(), new Names(layout, $"{at.i}.")))];
    }

    private static bool Knows(TransformSpec transform) => transform switch
    {
        PermuteSpec or LuLinearSpec or ActNormSpec => true,
        CouplingSpec coupling => Knows(coupling.Map) && Knows(coupling.Conditioner),
        AutoregressiveSpec layer => Knows(layer.Map) && layer.Conditioner is not FourierSpec && Knows(layer.Conditioner), // waves of one column at a time it cannot
        InverseSpec { Transform: AutoregressiveSpec { Conditioner: MlpSpec } layer } => Knows(layer.Map),
        _ => false,
    };

    private static bool Knows(ScalarMapSpec map) => map is AdditiveSpec || (map is AffineSpec or RationalQuadraticSpec && map.Parametrisation is Parametrisation.Flowgrain);

    private static bool Knows(ConditionerSpec net) => net is ConstantSpec or MlpSpec or ResidualNetSpec or FourierSpec { Net: MlpSpec or ResidualNetSpec };

    private static Kernel<T> Lower<T>(TransformSpec transform, FlowShape shape, Names names) where T : struct, ILanes<T> => transform switch
    {
        PermuteSpec permute => new PermuteKernel<T>(permute.Order),
        LuLinearSpec => new LuKernel<T>(names["lu"], names["diagonal"], names["bias"]),
        ActNormSpec => new ActNormKernel<T>(names["log_scale"], names["bias"]),
        CouplingSpec coupling => new CouplingKernel<T>(
            shape, coupling.PassedThrough(shape), coupling.Transformed, Lower<T>(coupling.Map), Lower<T>(coupling.Conditioner, coupling.Net(shape).Inputs, names.In("net"))),
        AutoregressiveSpec layer => new AutoregressiveKernel<T>(shape, Lower<T>(layer.Map), Lower<T>(layer.Conditioner, layer.Net(shape).Inputs, names.In("net"))),
        InverseSpec { Transform: AutoregressiveSpec { Conditioner: MlpSpec mlp } layer } => new InverseAutoregressiveKernel<T>(shape, Lower<T>(layer.Map), Lower<T>(mlp, names.In("net"))),
        _ => throw Unknown(transform),
    };

    private static MapKernel<T> Lower<T>(ScalarMapSpec map) where T : struct, ILanes<T> => map switch
    {
        AdditiveSpec => new AdditiveKernel<T>(),
        AffineSpec => new AffineKernel<T>(),
        RationalQuadraticSpec spline => new SplineKernel<T>(spline),
        _ => throw Unknown(map),
    };

    private static NetKernel<T> Lower<T>(ConditionerSpec net, int inputs, Names names) where T : struct, ILanes<T> => net switch
    {
        ConstantSpec => new ConstantKernel<T>(inputs, names["bias"]),
        MlpSpec mlp => Lower<T>(mlp, names),
        ResidualNetSpec residual => new ResidualKernel<T>(
            Layer<T>(names.In("in")),
            [.. Enumerable.Range(0, residual.Blocks).Select(block => new ResidualBlock<T>(Layer<T>(names.In($"{block}.0")), Layer<T>(names.In($"{block}.1"))))],
            Layer<T>(names.In("out"))),
        FourierSpec fourier => new FourierKernel<T>(fourier.Octaves, Lower<T>(fourier.Net, inputs * fourier.Features, names)),
        _ => throw Unknown(net),
    };

    private static MlpKernel<T> Lower<T>(MlpSpec mlp, Names names) where T : struct, ILanes<T> =>
        new([.. Enumerable.Range(0, mlp.Layers).Select(layer => Layer<T>(names.In($"{layer}"))), Layer<T>(names.In("out"))]);

    private static Dense<T> Layer<T>(Names names) where T : struct, ILanes<T> => new(names["weight"], names["bias"]);

    private static ArgumentException Unknown(object part) => new($"There is no kernel for {part}; ask Knows first.");

    /// <summary>A place in the tree of parameter names.</summary>
    private readonly struct Names(ParameterLayout layout, string prefix)
    {
        internal ParameterBlock this[string name] => layout[prefix + name];

        internal Names In(string name) => new(layout, $"{prefix}{name}.");
    }
}
