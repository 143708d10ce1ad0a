using TorchSharp;

namespace FlowGrain.Flows.Numerics;

/// <summary>
/// Constants of tensor expressions, made once and kept. A number written into an expression (<c>x * 2.0</c>) becomes a
/// native scalar whose only reference dies before the native call reads it: under load the collector frees it in between,
/// and libtorch fails or computes with garbage (seen). It also costs 4 µs.
/// </summary>
internal static class Scalars
{
    internal static readonly Scalar Zero = 0.0.ToScalar();
    internal static readonly Scalar LeastNormal = 1.17549435e-38.ToScalar(); // of float32
    internal static readonly Scalar Half = 0.5.ToScalar();
    internal static readonly Scalar One = 1.0.ToScalar();
    internal static readonly Scalar Two = 2.0.ToScalar();
    internal static readonly Scalar Three = 3.0.ToScalar();
    internal static readonly Scalar Four = 4.0.ToScalar();
    internal static readonly Scalar UnitSoftplus = PortableMath.Log(Math.E - 1).ToScalar(); // softplus of it is 1
    internal static readonly Scalar LeastSlope = 1e-3.ToScalar();
    internal static readonly Scalar BesideLeastSlope = (1 - 1e-3).ToScalar();
    internal static readonly Scalar Turn = (2 * Math.PI).ToScalar(); // radians
}
