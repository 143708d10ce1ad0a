using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>Constants of <see cref="Standardize"/>, fitted once on the training rows.</summary>
/// <param name="Shift">Mean of each column, units of the data.</param>
/// <param name="Scale">Deviation of each column, units of the data.</param>
public sealed record StandardizeSpec(ImmutableArray<double> Shift, ImmutableArray<double> Scale) : TransformSpec
{
    /// <summary>log|det| in nats, the same for every row: −Σ log scale.</summary>
    internal double LogDet() => -Scale.Sum(PortableMath.Log);

    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
    }

    internal override bool TakesAngles(FlowShape shape) => Shift.Length == shape.Dimension && Scale.Length == shape.Dimension && shape.Angles.All(column => Shift[column] == 0 && Scale[column] == 1);

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Standardize(this, dtype);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Shift.Length != shape.Dimension || Scale.Length != shape.Dimension)
            yield return $"standardize has {Shift.Length} shifts and {Scale.Length} scales for {shape.Dimension} columns.";
        if (!Shift.All(double.IsFinite) || !Scale.All(scale => double.IsFinite(scale) && scale > 0))
            yield return "standardize needs finite shifts and finite scales above zero.";
    }
}

/// <summary>Brings every column to mean 0 and deviation 1: <c>z = (x − shift) / scale</c>.</summary>
/// <remarks>Computed in float64 whatever the flow's type, so that large offsets (times, coordinates) keep their digits. log|det| = −Σ log scale.</remarks>
public sealed class Standardize(StandardizeSpec spec, ScalarType dtype) : Bijection(spec.Shift.Length)
{
    private readonly Tensor _shift = tensor(spec.Shift.ToArray(), ScalarType.Float64);
    private readonly Tensor _scale = tensor(spec.Scale.ToArray(), ScalarType.Float64);
    private readonly Tensor _logDet = tensor(spec.LogDet(), dtype);

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var z = ((x.to_type(ScalarType.Float64) - _shift) / _scale).to_type(dtype);
        return new Mapped(z, _logDet.expand(x.shape[0])).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var x = (z.to_type(ScalarType.Float64) * _scale).Plus(_shift);
        return new Mapped(x, -_logDet.expand(z.shape[0])).MoveToOuterDisposeScope();
    }
}
