using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A planar layer; see <see cref="Planar"/>.</summary>
/// <param name="Net">The net that moves its parameters with the context; null without one.</param>
public sealed record PlanarSpec(ConditionerSpec? Net = null) : TransformSpec
{
    private GivenSpec Given => new(Net);

    internal override void Declare(ParameterScope scope, FlowShape shape) =>
        Given.Declare(scope, shape, ("u", Initializer.Zero, shape.Dimension), ("w", Initializer.FanIn(shape.Dimension), shape.Dimension), ("b", Initializer.FanIn(shape.Dimension), 1));

    internal override Capability Can(FlowShape shape) => Capabilities.Closed | Capability.IterativeGenerate;

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Planar(shape.Dimension, Given.Build(views, "u", "w", "b"));

    internal override IEnumerable<string> Problems(FlowShape shape) => Given.Problems(shape, "planar");
}

/// <summary>Moves rows along one direction by how far they lie along another: <c>z = x + û tanh(wᵀx + b)</c>.</summary>
/// <remarks>
/// <para><c>û = u + (m(wᵀu) − wᵀu) w/‖w‖²</c> with <c>m(a) = (1 − ε) (softplus(a + log(e − 1)) − 1) &gt; ε − 1</c>, so that wᵀû &gt; −1 and the map is invertible; u = 0 is the identity.</para>
/// <para>log|det| = log(1 + wᵀû (1 − tanh²)). Generate solves <c>a + wᵀû tanh(a + b) = wᵀz</c> for a = wᵀx, whose root lies within |wᵀû| of wᵀz.</para>
/// <para>Source: Rezende and Mohamed 2015, "Variational Inference with Normalizing Flows", https://arxiv.org/abs/1505.05770, equations 10 to 12 and appendix A.1; here in the Normalize direction.</para>
/// </remarks>
public sealed class Planar : Bijection
{
    private readonly GivenParameters _given;

    internal Planar(int dimension, GivenParameters given)
        : base(dimension) => _given = given;

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (u, w, b, along) = Parts(x, context);
        var bent = (x * w).sum(1, keepdim: true).Plus(b).tanh();
        return new Mapped(x.Plus(u * bent), LogDet(along, bent)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (u, w, b, along) = Parts(z, context);
        var target = (z * w).sum(1, keepdim: true);
        var a = MonotoneRoot.Solve(At, target, target - along.abs(), target.Plus(along.abs()));
        var bent = a.Plus(b).tanh();
        return new Mapped(z - u * bent, -LogDet(along, bent)).MoveToOuterDisposeScope();

        (Tensor, Tensor) At(Tensor a)
        {
            var bent = a.Plus(b).tanh();
            return (a.Plus(along * bent), (along * bent.Squared().OneMinus()).Plus(Scalars.One));
        }
    }

    /// <summary>û, w, b and wᵀû.</summary>
    private (Tensor U, Tensor W, Tensor B, Tensor Along) Parts(Tensor rows, Tensor? context)
    {
        var (u, w, b) = _given.For(rows, context) is [var first, var second, var third] ? (first, second, third) : throw new InvalidOperationException("A planar layer has three parameters.");
        var (free, square) = ((w * u).sum(1, keepdim: true), w.Squared().sum(1, keepdim: true).clamp_min(Scalars.LeastNormal));
        var along = free.UnitSlope() - ones_like(free);
        return (u.Plus((along - free) * w / square), w, b, along);
    }

    private static Tensor LogDet(Tensor along, Tensor bent) => (along * bent.Squared().OneMinus()).log1p().squeeze(1);
}
