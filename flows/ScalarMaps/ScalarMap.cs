using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A monotone map of one column, as data. All its parameters at zero make it the identity, or where it says so nearly.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AdditiveSpec), "additive")]
[JsonDerivedType(typeof(AffineSpec), "affine")]
[JsonDerivedType(typeof(RationalQuadraticSpec), "rational-quadratic")]
[JsonDerivedType(typeof(SigmoidalSpec), "sigmoidal")]
[JsonDerivedType(typeof(CircularRationalQuadraticSpec), "circular-rational-quadratic")]
[JsonDerivedType(typeof(LinearSplineSpec), "linear-spline")]
[JsonDerivedType(typeof(QuadraticSplineSpec), "quadratic-spline")]
[JsonDerivedType(typeof(BernsteinSpec), "bernstein")]
[JsonDerivedType(typeof(SumOfSquaresSpec), "sum-of-squares")]
[JsonDerivedType(typeof(IntegralSpec), "integral")]
public abstract record ScalarMapSpec
{
    /// <summary>What makes the map's parameters of the net's numbers. Additive maps have no other than those numbers, sigmoidal ones only ours.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Parametrisation Parametrisation { get; init; }

    /// <summary>Parameters a column, P.</summary>
    internal abstract int ParameterCount { get; }

    /// <summary>What a layer of it falls short of.</summary>
    internal virtual Capability Can => Capability.None;

    /// <summary>The same map with its numerical error made far smaller, to measure it by.</summary>
    internal virtual ScalarMapSpec Finer() => this;

    /// <summary>Builds the map.</summary>
    internal abstract IScalarMap Build();

    /// <summary>Units that a map may have.</summary>
    internal const int MostUnits = 4096;

    /// <summary>That a map which only we have is asked for in the words of another library.</summary>
    private protected IEnumerable<string> Foreign(string type)
    {
        if (Parametrisation != Parametrisation.Flowgrain) yield return $"{type} has the parametrisation {Parametrisation}; there is only Flowgrain.";
    }

    /// <summary>What is wrong with it, a sentence each.</summary>
    internal abstract IEnumerable<string> Problems();
}

/// <summary>A monotone map of each of T columns: values <c>[B, T]</c>, parameters <c>[B, T, P]</c>, log-determinant <c>[B]</c>.</summary>
internal interface IScalarMap
{
    /// <summary>Data to base.</summary>
    Mapped Normalize(Tensor x, Tensor parameters);

    /// <summary>Base to data.</summary>
    Mapped Generate(Tensor z, Tensor parameters);
}
