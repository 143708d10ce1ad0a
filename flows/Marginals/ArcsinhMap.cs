using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Marginals;

/// <summary>Draws in the tails of a column with outliers: <c>y = arsinh((x − center)/scale)</c>, linear within a scale of the centre and logarithmic beyond.</summary>
/// <remarks>log y′ = −log scale − ½ log(1 + u²) with u = (x − center)/scale.</remarks>
/// <param name="Center">A robust middle, such as the median; units of the data.</param>
/// <param name="Scale">A robust width, such as that between the quartiles; units of the data.</param>
public sealed record ArcsinhMap(double Center, double Scale) : MarginalMap
{
    private const double Far = 1e8; // from here on √(1 + u²) = |u| in float64

    /// <inheritdoc />
    public override double Normalize(double x, out double logSlope)
    {
        var u = Math.Abs(x - Center) / Scale;
        var hypotenuse = u > Far ? u : Math.Sqrt(1 + u * u);
        logSlope = -PortableMath.Log(Scale) - PortableMath.Log(hypotenuse);
        return Math.CopySign(PortableMath.Log(u + hypotenuse), x - Center);
    }

    /// <inheritdoc />
    public override double Generate(double y)
    {
        var growth = PortableMath.Exp(Math.Abs(y));
        return Center + Math.CopySign(Scale * (growth - 1 / growth) / 2, y);
    }

    internal override TensorMap Build() => new Tensors(this);

    internal override IEnumerable<string> Problems()
    {
        if (!(double.IsFinite(Center) && double.IsFinite(Scale) && Scale > 0)) yield return $"arcsinh needs a finite center and a finite scale above zero, and has {Center} and {Scale}.";
    }

    private sealed class Tensors(ArcsinhMap map) : TensorMap
    {
        private readonly Tensor _center = tensor(map.Center, ScalarType.Float64);
        private readonly Tensor _scale = tensor(map.Scale, ScalarType.Float64);
        private readonly Tensor _logScale = tensor(PortableMath.Log(map.Scale), ScalarType.Float64);
        private readonly Tensor _far = tensor(Far, ScalarType.Float64);

        internal override Mapped Normalize(Tensor x)
        {
            using var scope = NewDisposeScope();
            var u = (x - _center) / _scale;
            var size = u.abs();
            var isFar = size.gt(_far);
            var hypotenuse = where(isFar, size, where(isFar, _far, size).Squared().Plus(Scalars.One).sqrt());
            return new Mapped(u.asinh(), -_logScale - hypotenuse.log()).MoveToOuterDisposeScope();
        }

        internal override Mapped Generate(Tensor y)
        {
            using var scope = NewDisposeScope();
            return new Mapped((_scale * y.sinh()).Plus(_center), y.cosh().log().Plus(_logScale)).MoveToOuterDisposeScope();
        }
    }
}
