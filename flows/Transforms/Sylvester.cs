using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>How the directions of a <see cref="Sylvester"/> layer are made orthonormal.</summary>
public enum SylvesterBasis
{
    /// <summary>By steps towards the nearest orthonormal ones (O-SNF).</summary>
    Orthogonal,

    /// <summary>As the first columns of a product of reflections (H-SNF).</summary>
    Householder,

    /// <summary>As columns of the identity, their order reversed where the layer says so (T-SNF).</summary>
    Triangular,
}

/// <summary>A Sylvester layer; see <see cref="Sylvester"/>.</summary>
/// <param name="Directions">Directions that it bends along, M, at most the columns.</param>
/// <param name="Basis">How they are made orthonormal.</param>
/// <param name="Reversed">Whether a triangular basis takes the last columns first.</param>
/// <param name="Net">The net that moves R, S and b with the context; null without one.</param>
public sealed record SylvesterSpec(int Directions, SylvesterBasis Basis, bool Reversed = false, ConditionerSpec? Net = null) : TransformSpec
{
    private GivenSpec Given => new(Net);

    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        if (Basis == SylvesterBasis.Orthogonal) scope.Add("q", new Initializer(0, 1), shape.Dimension, Directions);
        if (Basis == SylvesterBasis.Householder) scope.Add("q", new Initializer(0, 1), shape.Dimension, shape.Dimension);
        Given.Declare(scope, shape, ("r", Initializer.Zero, Directions * Directions), ("s", Initializer.Zero, Directions * Directions), ("bias", new Initializer(0, 1), Directions));
    }

    internal override Capability Can(FlowShape shape) => Capabilities.Closed | Capability.IterativeGenerate;

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new Sylvester(shape.Dimension, this, Basis == SylvesterBasis.Triangular ? null : views["q"], Given.Build(views, "r", "s", "bias"), dtype);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Directions < 1 || Directions > shape.Dimension) yield return $"sylvester has {Directions} directions; 1 to {shape.Dimension} are possible.";
        if (!Enum.IsDefined(Basis)) yield return $"sylvester has basis {Basis:D}; there are 0 (orthogonal), 1 (reflections) and 2 (triangular).";
        foreach (var problem in Given.Problems(shape, "sylvester")) yield return problem;
    }
}

/// <summary>Bends rows along M orthonormal directions: <c>z = x + Q R tanh(S Qᵀx + b)</c>, R and S upper triangular. A planar layer is one with M = 1.</summary>
/// <remarks>
/// <para>With <c>m(a) = ε + (1 − ε) softplus(a + log(e − 1))</c> the diagonals are <c>s = m(·) &gt; 0</c> and <c>r = (m(·) − 1)/s</c>, so that rs &gt; −1 and the map is invertible; R = 0 is the identity.</para>
/// <para>log|det| = Σ log(1 + r s (1 − tanh²)) over the diagonals. Generate solves for Qᵀx: since R and S are triangular, one root after another, the last first.</para>
/// <para>Source: van den Berg et al. 2018, "Sylvester Normalizing Flows for Variational Inference", https://arxiv.org/abs/1803.05649, sections 3 and 4; here in the Normalize direction.</para>
/// </remarks>
public sealed class Sylvester : Bijection
{
    private const int OrthogonalSteps = 200; // the least of the singular values grows by half at each, and at last the error is squared
    private const double Near = 0.01; // from where on the error falls to rounding in a few steps

    private readonly SylvesterSpec _spec;
    private readonly Tensor? _q;
    private readonly GivenParameters _given;
    private readonly ScalarType _dtype;

    internal Sylvester(int dimension, SylvesterSpec spec, Tensor? q, GivenParameters given, ScalarType dtype)
        : base(dimension) => (_spec, _q, _given, _dtype) = (spec, q, given, dtype);

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (q, layer) = (Basis(), Parts(x, context));
        var bent = Times(layer.S, x.matmul(q)).Plus(layer.Bias).tanh();
        return new Mapped(x.Plus(Times(layer.R, bent).matmul(q.t())), LogDet(layer.Steepness, bent)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (q, layer) = (Basis(), Parts(z, context));
        var bent = Bent(z.matmul(q), layer);
        return new Mapped(z - Times(layer.R, bent).matmul(q.t()), -LogDet(layer.Steepness, bent)).MoveToOuterDisposeScope();
    }

    /// <summary>tanh(S Qᵀx + b) where Qᵀz is given: row i of <c>y + R tanh(S y + b) = Qᵀz</c> has y_i alone once those behind it are known.</summary>
    private Tensor Bent(Tensor along, Layer layer)
    {
        var (y, bent) = (zeros_like(along), zeros_like(along));
        for (var i = _spec.Directions - 1; i >= 0; i--)
        {
            var inner = (layer.S.select(1, i) * y).sum(1).Plus(layer.Bias.select(1, i));
            var target = along.select(1, i) - (layer.R.select(1, i) * bent).sum(1);
            var (slope, height, steep) = (layer.S.select(1, i).select(1, i), layer.R.select(1, i).select(1, i), layer.Steepness.select(1, i));
            var root = MonotoneRoot.Solve(At, target, target - height.abs(), target.Plus(height.abs()));
            (y, bent) = (With(y, i, root), With(bent, i, (slope * root).Plus(inner).tanh()));

            (Tensor, Tensor) At(Tensor value)
            {
                var bend = (slope * value).Plus(inner).tanh();
                return (value.Plus(height * bend), (steep * bend.Squared().OneMinus()).Plus(Scalars.One));
            }
        }

        return bent;
    }

    private static Tensor With(Tensor rows, int column, Tensor values) =>
        cat([rows.narrow(1, 0, column), values.unsqueeze(1), rows.narrow(1, column + 1, rows.shape[1] - column - 1)], 1);

    private Layer Parts(Tensor rows, Tensor? context)
    {
        var (r, s, bias) = _given.For(rows, context) is [var first, var second, var third] ? (Square(first), Square(second), third) : throw new InvalidOperationException("A Sylvester layer has three parameters.");
        var slope = s.diagonal(0, 1, 2).UnitSlope();
        var steepness = r.diagonal(0, 1, 2).UnitSlope() - ones_like(slope);
        return new Layer(r.triu(1).Plus((steepness / slope).diag_embed()), s.triu(1).Plus(slope.diag_embed()), bias, steepness);
    }

    private Tensor Square(Tensor rows) => rows.view(rows.shape[0], _spec.Directions, _spec.Directions);

    /// <summary>A matrix for each row <c>[B or 1, M, M]</c> times its vector <c>[B, M]</c>.</summary>
    private static Tensor Times(Tensor matrices, Tensor vectors) => matrices.matmul(vectors.unsqueeze(2)).squeeze(2);

    private Tensor Basis() => _spec.Basis switch
    {
        SylvesterBasis.Orthogonal => Orthonormal(_q!),
        SylvesterBasis.Householder => Reflections.Product(_q!).narrow(1, 0, _spec.Directions),
        _ => _spec.Reversed ? eye(Dimension, dtype: _dtype).flip(1).narrow(1, 0, _spec.Directions) : eye(Dimension, _spec.Directions, dtype: _dtype),
    };

    /// <summary>The orthonormal vectors nearest to some: <c>Q ← Q (3I − QᵀQ)/2</c> from ones of norm at most one, until rounding keeps QᵀQ from coming nearer to I.</summary>
    private static Tensor Orthonormal(Tensor vectors)
    {
        var (q, identity, last) = (vectors / vectors.Squared().sum().sqrt(), eye(vectors.shape[1], dtype: vectors.dtype), double.PositiveInfinity);
        for (var step = 0; step < OrthogonalSteps; step++)
        {
            var off = identity - q.t().matmul(q);
            var error = off.detach().abs().max().to_type(ScalarType.Float64).item<double>();
            if (double.IsNaN(error) || (error < Near && error >= last)) return q; // what is no number stays none
            (q, last) = (q.Plus(q.matmul(off).mul(Scalars.Half)), error);
        }

        throw new InvalidOperationException("The directions of a Sylvester layer have fallen into a plane of fewer dimensions; train the model anew with a lower learning rate, or with another basis.");
    }

    private static Tensor LogDet(Tensor steepness, Tensor bent) => (steepness * bent.Squared().OneMinus()).log1p().sum(1);

    /// <summary>R and S <c>[B or 1, M, M]</c>, b and the products of the diagonals <c>[B or 1, M]</c>.</summary>
    private readonly record struct Layer(Tensor R, Tensor S, Tensor Bias, Tensor Steepness);
}
