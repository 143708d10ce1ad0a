using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A shift; see <see cref="Additive"/>.</summary>
public sealed record AdditiveSpec : ScalarMapSpec
{
    internal override int ParameterCount => 1;

    internal override IScalarMap Build() => new Additive();

    internal override IEnumerable<string> Problems() => [];
}

/// <summary>Shifts: <c>z = x + t</c>. log|det| = 0.</summary>
/// <remarks>Source: Dinh et al. 2015, "NICE", https://arxiv.org/abs/1410.8516.</remarks>
internal sealed class Additive : IScalarMap
{
    public Mapped Normalize(Tensor x, Tensor parameters) => new(x.Plus(parameters.squeeze(-1)), zeros(x.shape[0], x.dtype));

    public Mapped Generate(Tensor z, Tensor parameters) => new(z - parameters.squeeze(-1), zeros(z.shape[0], z.dtype));
}
