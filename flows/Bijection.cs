using FlowGrain.Flows.Engines;
using static TorchSharp.torch;

namespace FlowGrain.Flows;

/// <summary>An invertible, differentiable map with a tractable log-determinant.</summary>
/// <remarks>
/// Shapes: <c>B</c> is the batch, <c>D</c> the columns modelled, <c>C</c> the columns conditioned on. Values are
/// <c>[B, D]</c>, contexts <c>[B, C]</c> or null, log-determinants <c>[B]</c> in nats. Results are fresh tensors the
/// caller owns. Normalize is g, data to base; Generate is f, base to data.
/// </remarks>
public abstract class Bijection(int dimension)
{
    /// <summary>Columns, D.</summary>
    public int Dimension { get; } = dimension > 0
        ? dimension
        : throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A bijection needs at least one dimension.");

    /// <summary>Data to base: <c>z = g(x)</c> and <c>log|det ∂g/∂x|</c>.</summary>
    /// <exception cref="ArgumentException">The batch or the context has another shape.</exception>
    public Mapped Normalize(Tensor x, Tensor? context = null)
    {
        Shapes.RequireBatchOf(Dimension, x);
        Shapes.RequireSameRows(x, context);
        return NormalizeCore(x, context);
    }

    /// <summary>Base to data: <c>x = f(z)</c> and <c>log|det ∂f/∂z|</c>.</summary>
    /// <exception cref="ArgumentException">The batch or the context has another shape.</exception>
    public Mapped Generate(Tensor z, Tensor? context = null)
    {
        Shapes.RequireBatchOf(Dimension, z);
        Shapes.RequireSameRows(z, context);
        return GenerateCore(z, context);
    }

    /// <summary><see cref="Normalize"/> for training, where a map may put an unbiased estimate of its log-determinant, made from these draws, in the place of a costly one.</summary>
    internal virtual Mapped NormalizeInTraining(Tensor x, Tensor? context, TrainingDraw draw) => Normalize(x, context);

    /// <summary><see cref="Normalize"/> after the shapes are checked.</summary>
    protected abstract Mapped NormalizeCore(Tensor x, Tensor? context);

    /// <summary><see cref="Generate"/> after the shapes are checked.</summary>
    protected abstract Mapped GenerateCore(Tensor z, Tensor? context);
}

/// <summary>A batch of values and the log-determinant of the map that made them.</summary>
/// <param name="Value"><c>[B, D]</c>.</param>
/// <param name="LogDet"><c>[B]</c>, nats.</param>
public readonly record struct Mapped(Tensor Value, Tensor LogDet)
{
    /// <summary>Moves both tensors out of the innermost dispose scope.</summary>
    public Mapped MoveToOuterDisposeScope() => new(Value.MoveToOuterDisposeScope(), LogDet.MoveToOuterDisposeScope());
}
