using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A continuous flow; see <see cref="Continuous"/>.</summary>
/// <param name="Hidden">Units of each of the two hidden layers of the velocity's net.</param>
/// <param name="Tolerance">Error that the solver allows a step, of one and the size of a number.</param>
public sealed record ContinuousSpec(int Hidden, double Tolerance) : TransformSpec
{
    internal override TransformSpec Finer() => this with { Tolerance = Tolerance / 100 };

    internal override void Declare(ParameterScope scope, FlowShape shape) => VelocityField.Declare(scope, shape, Hidden);

    internal override Capability Can(FlowShape shape) => Capability.Normalize | Capability.Generate | Capability.IterativeNormalize | Capability.IterativeGenerate | Capability.Numerical;

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new Continuous(shape.Dimension, new VelocityField(views, shape.Dimension, dtype), Tolerance);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Hidden < 1) yield return $"continuous has {Hidden} hidden units; it needs at least 1.";
        foreach (var problem in NetShape.Widths("continuous", Hidden)) yield return problem;
        if (!(Tolerance > 0 && Tolerance < 1)) yield return $"continuous has tolerance {Tolerance:R}; it must lie between 0 and 1.";
    }
}

/// <summary>Moves rows along the solution of an ordinary differential equation: <c>dx/dφ = v(x, φ, c)</c> from the data at φ = 0 to the base at φ = π/2.</summary>
/// <remarks>
/// <para>log|det| = ∫ Σ ∂vᵢ/∂xᵢ dφ, integrated with the rows and under the same error control. Both directions are iterative: a few
/// dozen steps of seven nets each. Neither is exact: the error is of the order of the tolerance, and is measured when a model is
/// published. v = 0 is the identity.</para>
/// <para>The time is an angle because training by <see cref="Objectives.FlowMatchingSpec"/> mixes data and noise by its cosine and
/// sine. Source: Chen et al. 2018, "Neural Ordinary Differential Equations", https://arxiv.org/abs/1806.07366; Grathwohl et al.
/// 2019, "FFJORD", https://arxiv.org/abs/1810.01367.</para>
/// </remarks>
public sealed class Continuous : Bijection
{
    /// <summary>φ where the base is.</summary>
    internal const double BaseAngle = Math.PI / 2;

    private readonly double _tolerance;

    internal Continuous(int dimension, VelocityField field, double tolerance)
        : base(dimension) => (Field, _tolerance) = (field, tolerance);

    /// <summary>v.</summary>
    internal VelocityField Field { get; }

    /// <summary>Where rows at one angle are at another, and the log-determinant of the map between them.</summary>
    internal Mapped Between(double from, double to, Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var start = cat([x, zeros(x.shape[0], 1, x.dtype)], 1);
        var end = is_grad_enabled()
            ? CheckpointedIntegral.Of(new OdeProblem(Field.WithDivergence, context, from, to, _tolerance, Field.Parameters), start)
            : DormandPrince.Solve(Field.WithDivergence(context), start, from, to, _tolerance);
        return new Mapped(end.narrow(1, 0, Dimension), end.select(1, Dimension)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context) => Between(0, BaseAngle, x, context);

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context) => Between(BaseAngle, 0, z, context);
}
