using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Marginals;

/// <summary>A fixed map of one column, increasing, of an angle round its circle, as data: <c>y = m(x)</c> with x in the units of the data, in float64.</summary>
/// <remarks>A new one adds a record in a file and a line here. It has no parameters to learn: whoever builds the flow fits it once.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(IdentityMap), "identity")]
[JsonDerivedType(typeof(LogitMap), "logit")]
[JsonDerivedType(typeof(ArcsinhMap), "arcsinh")]
[JsonDerivedType(typeof(CircleMap), "circle")]
public abstract record MarginalMap
{
    /// <summary>m(x), and log m′(x) in nats; where the density is zero that is −∞, and m(x) any finite number.</summary>
    public abstract double Normalize(double x, out double logSlope);

    /// <summary>x from y.</summary>
    public abstract double Generate(double y);

    /// <summary>The same map of tensors.</summary>
    internal abstract TensorMap Build();

    /// <summary>What is wrong with it, a sentence each.</summary>
    internal abstract IEnumerable<string> Problems();
}

/// <summary>A <see cref="MarginalMap"/> op by op: columns <c>[B]</c> in float64, with the log of the slope.</summary>
internal abstract class TensorMap
{
    /// <summary>y and log|dy/dx|.</summary>
    internal abstract Mapped Normalize(Tensor x);

    /// <summary>x and log|dx/dy|.</summary>
    internal abstract Mapped Generate(Tensor y);
}
