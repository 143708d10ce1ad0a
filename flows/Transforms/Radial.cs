using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A radial layer; see <see cref="Radial"/>.</summary>
/// <param name="Net">The net that moves its parameters with the context; null without one.</param>
public sealed record RadialSpec(ConditionerSpec? Net = null) : TransformSpec
{
    private GivenSpec Given => new(Net);

    internal override void Declare(ParameterScope scope, FlowShape shape) =>
        Given.Declare(scope, shape, ("center", new Initializer(0, 1), shape.Dimension), ("alpha", Initializer.Zero, 1), ("beta", Initializer.Zero, 1));

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Radial(shape.Dimension, Given.Build(views, "center", "alpha", "beta"));

    internal override IEnumerable<string> Problems(FlowShape shape) => Given.Problems(shape, "radial");
}

/// <summary>Moves rows towards a centre or away from it: <c>z = x + β (x − x₀)/(α + r)</c> with <c>r = ‖x − x₀‖</c>.</summary>
/// <remarks>
/// <para>With <c>m(a) = ε + (1 − ε) softplus(a + log(e − 1))</c> it is <c>α = m(a) &gt; 0</c> and <c>β = α (m(b) − 1) &gt; −α</c>, so that the map is invertible; b = 0 is the identity.</para>
/// <para>log|det| = (D − 1) log(1 + β/(α + r)) + log(1 + αβ/(α + r)²). Generate: with s = ‖z − x₀‖, r is the root of <c>r² + (α + β − s) r − αs = 0</c> that is not negative.</para>
/// <para>Source: Rezende and Mohamed 2015, "Variational Inference with Normalizing Flows", https://arxiv.org/abs/1505.05770, equations 14 and 15 and appendix A.2; here in the Normalize direction.</para>
/// </remarks>
public sealed class Radial : Bijection
{
    private readonly GivenParameters _given;
    private readonly Scalar _aside; // directions beside that of the centre

    internal Radial(int dimension, GivenParameters given)
        : base(dimension) => (_given, _aside) = (given, (dimension - 1.0).ToScalar());

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (center, alpha, beta) = Parts(x, context);
        var radius = Norm(x - center);
        return new Mapped(x.Plus((x - center) * beta / alpha.Plus(radius)), LogDet(alpha, beta, radius)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (center, alpha, beta) = Parts(z, context);
        var reached = Norm(z - center);
        var (half, product) = ((reached - alpha - beta).mul(Scalars.Half), alpha * reached);
        var root = half.Squared().Plus(product).sqrt();
        var radius = where(half.ge(Scalars.Zero), half.Plus(root), product / (root - half)); // what does not cancel
        var x = center.Plus((z - center) * alpha.Plus(radius) / alpha.Plus(radius).Plus(beta));
        return new Mapped(x, -LogDet(alpha, beta, radius)).MoveToOuterDisposeScope();
    }

    private (Tensor Center, Tensor Alpha, Tensor Beta) Parts(Tensor rows, Tensor? context)
    {
        var (center, a, b) = _given.For(rows, context) is [var first, var second, var third] ? (first, second, third) : throw new InvalidOperationException("A radial layer has three parameters.");
        var alpha = a.UnitSlope();
        return (center, alpha, alpha * (b.UnitSlope() - ones_like(b)));
    }

    /// <summary>‖x‖ a row; at zero its slope were infinite.</summary>
    private static Tensor Norm(Tensor x) => x.Squared().sum(1, keepdim: true).clamp_min(Scalars.LeastNormal).sqrt();

    private Tensor LogDet(Tensor alpha, Tensor beta, Tensor radius)
    {
        var pull = beta / alpha.Plus(radius);
        var aside = pull.log1p().mul(_aside);
        return aside.Plus((pull * alpha / alpha.Plus(radius)).log1p()).squeeze(1).expand(radius.shape[0]);
    }
}
