using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A residual layer; see <see cref="Residual"/>.</summary>
/// <param name="Hidden">Units of every hidden layer of its net.</param>
/// <param name="Layers">Hidden layers.</param>
public sealed record ResidualSpec(int Hidden, int Layers) : TransformSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape) => LipschitzNet.Declare(scope.In("net"), shape, Hidden, Layers);

    internal override Capability Can(FlowShape shape) =>
        Capability.Normalize | Capability.Generate | Capability.IterativeGenerate | (shape.Dimension <= Residual.MostExact ? Capability.ExactLogDet : Capability.Stochastic);

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Residual(shape.Dimension, new LipschitzNet(views.In("net"), Layers));

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Hidden < 1 || Layers < 1) yield return $"residual has {Layers} layers of {Hidden} units; both must be at least 1.";
        foreach (var problem in NetShape.Widths("residual", Hidden, Layers)) yield return problem;
    }
}

/// <summary>Adds a net to the rows that moves no two of them further apart than they are: <c>z = x + g(x, c)</c>, the Lipschitz constant of g below 1.</summary>
/// <remarks>
/// <para>log|det| = log det(I + J) with the Jacobian J of g, exact up to 64 columns; beyond, an unbiased estimate that is the same for
/// the same row (<see cref="NeumannSeries"/>). Training takes the estimate from 9 columns on, where it is cheaper. Generate
/// finds the fixed point of x = z − g(x), which is the only one.</para>
/// <para>Source: Behrmann et al. 2019, "Invertible Residual Networks", https://arxiv.org/abs/1811.00995; Chen et al. 2019, "Residual
/// Flows for Invertible Generative Modeling", https://arxiv.org/abs/1906.02735.</para>
/// </remarks>
public sealed class Residual : Bijection
{
    /// <summary>Columns up to which queries take the exact determinant.</summary>
    internal const int MostExact = 64;

    /// <summary>Columns up to which training does.</summary>
    internal const int MostExactInTraining = 8;

    private const int TermsInTraining = 2; // always taken; chance adds two more on average
    private const int TermsInQueries = 20;
    private const int MostSteps = 10_000; // as slowly as 0.97 allows, 1,200 reach the precision of float64

    private static readonly Scalar Infinity = double.PositiveInfinity.ToScalar();

    private readonly LipschitzNet _net;

    internal Residual(int dimension, LipschitzNet net)
        : base(dimension) => _net = net;

    /// <inheritdoc />
    internal override Mapped NormalizeInTraining(Tensor x, Tensor? context, TrainingDraw draw) => Dimension <= MostExactInTraining
        ? Normalize(x, context)
        : Estimated(x, context, row => draw.Random.At(draw.First + row), TermsInTraining);

    /// <summary>z and an unbiased estimate of the log-determinant.</summary>
    /// <param name="x"><c>[B, D]</c>.</param>
    /// <param name="context"><c>[B, C]</c> or null.</param>
    /// <param name="random">The random numbers of each row.</param>
    /// <param name="always">Terms of the series that are always taken.</param>
    internal Mapped Estimated(Tensor x, Tensor? context, Func<int, CounterRandom> random, int always)
    {
        using var scope = NewDisposeScope();
        var matrices = _net.Matrices();
        var (g, slopes) = _net.At(x, context, matrices);
        var series = NeumannSeries.Draw(random, (int)x.shape[0], Dimension, always, x.dtype);
        var logDet = series.LogDet(vectors => LipschitzNet.Backward(matrices, slopes, vectors), vectors => LipschitzNet.Forward(matrices, slopes, vectors));
        return new Mapped(x.Plus(g), logDet).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        if (Dimension > MostExact) return Estimated(x, context, OwnRandom(x), TermsInQueries);
        using var scope = NewDisposeScope();
        var matrices = _net.Matrices();
        var (g, slopes) = _net.At(x, context, matrices);
        return new Mapped(x.Plus(g), LogDet(LipschitzNet.Jacobian(matrices, slopes))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var x = FixedPoint(z, context);
        return new Mapped(x, -Normalize(x, context).LogDet).MoveToOuterDisposeScope();
    }

    /// <summary>Steps <c>x ← z − g(x)</c> until they are as short as the type can tell apart, or shrink no more: those of a contraction do, until rounding is all that is left of them.</summary>
    private Tensor FixedPoint(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (precision, coarse) = (z.dtype == ScalarType.Float64 ? 1e-14.ToScalar() : 2e-7.ToScalar(), z.dtype == ScalarType.Float64 ? 1e-10.ToScalar() : 1e-4.ToScalar());
        var matrices = _net.Matrices();
        var (x, found) = (z, z.isfinite().all(1, keepdim: true).logical_not()); // those have none
        var before = full_like(Length(z), Infinity);
        for (var step = 0; step < MostSteps; step++)
        {
            if (found.all().item<bool>()) return x.MoveToOuterDisposeScope();
            using var inner = NewDisposeScope();
            var next = z - _net.At(x, context, matrices).Value;
            var (length, size) = (Length(next - x), Length(next).Plus(Length(z)).Plus(Scalars.One));
            var isRounding = length.ge(before).logical_and(length.le(size.mul(coarse)));
            var isLast = length.le(size.mul(precision)).logical_or(isRounding).logical_or(length.isnan());
            (x, found, before) = (where(found, x, next).MoveToOuterDisposeScope(), found.logical_or(isLast).MoveToOuterDisposeScope(), length.MoveToOuterDisposeScope()); // one that is found is not touched again
        }

        throw new InvalidOperationException($"A residual layer did not find the rows that it maps to {found.logical_not().sum().item<long>()} of the given ones in {MostSteps} steps; its weights are no longer those of a contraction, so train the model anew with a lower --lr.");
    }

    private static Tensor Length(Tensor rows) => rows.Squared().sum(1, keepdim: true).sqrt();

    private static Tensor LogDet(Tensor jacobian)
    {
        var dimension = jacobian.shape[1];
        if (dimension == 1) return jacobian.flatten().log1p();
        if (dimension > 2) return linalg.slogdet(jacobian.Plus(eye(dimension, dtype: jacobian.dtype))).Item2;
        var (a, b, c, d) = (At(0), At(1), At(2), At(3));
        return (a.Plus(d).Plus(a * d) - b * c).log1p();

        Tensor At(int entry) => jacobian.flatten(1).select(1, entry);
    }

    /// <summary>Random numbers that follow from a row's own numbers: the same row is always given the same.</summary>
    private Func<int, CounterRandom> OwnRandom(Tensor x)
    {
        var (numbers, random) = (x.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray(), new CounterRandom(0, "trace"));
        return row =>
        {
            var key = 0UL;
            foreach (var number in numbers.AsSpan(row * Dimension, Dimension)) key = SplitMix.Key(key, BitConverter.DoubleToUInt64Bits(number));
            return random.At((long)key);
        };
    }
}
