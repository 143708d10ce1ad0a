using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FlowGrain.Flows.Marginals;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A fixed map of every column by itself; where there is one it comes first, before the standardisation.</summary>
/// <param name="Maps">One a column.</param>
public sealed record MarginalSpec(ImmutableArray<MarginalMap> Maps) : TransformSpec
{
    /// <summary>The columns that it lays round circles; null where there are none.</summary>
    [JsonIgnore]
    public Circles? Circles => Maps.IsDefault ? null : Circles.Of(Maps.Index().Where(at => at.Item is CircleMap).Select(at => at.Index));

    internal override bool TakesAngles(FlowShape shape) => true; // it makes them

    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
    }

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Marginal(this, dtype);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Maps.IsDefault || Maps.Length != shape.Dimension) yield return $"marginal has {(Maps.IsDefault ? 0 : Maps.Length)} maps for {shape.Dimension} columns.";
        foreach (var problem in Maps.IsDefault ? [] : Maps.SelectMany(map => map?.Problems() ?? ["marginal has a map that is null."])) yield return problem;
    }

    /// <summary>Whether two specs have equal maps.</summary>
    public bool Equals(MarginalSpec? other) => other is not null && Maps.AsSpan().SequenceEqual(other.Maps.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Maps.IsDefault ? 0 : Maps.Aggregate(0, HashCode.Combine);
}

/// <summary>Maps every column by itself, in float64 whatever the flow's type; log|det| = Σ log m′(x).</summary>
public sealed class Marginal(MarginalSpec spec, ScalarType dtype) : Bijection(spec.Maps.Length)
{
    private readonly ImmutableArray<TensorMap> _maps = [.. spec.Maps.Select(map => map.Build())];

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context) => Each(x, static (map, column) => map.Normalize(column));

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context) => Each(z, static (map, column) => map.Generate(column));

    private Mapped Each(Tensor values, Func<TensorMap, Tensor, Mapped> map)
    {
        using var scope = NewDisposeScope();
        var exact = values.to_type(ScalarType.Float64);
        var columns = _maps.Select((one, i) => map(one, exact.select(1, i))).ToArray();
        var value = stack(columns.Select(column => column.Value).ToArray(), 1);
        var logDet = stack(columns.Select(column => column.LogDet).ToArray(), 1).sum(1).to_type(dtype);
        return new Mapped(value, logDet).MoveToOuterDisposeScope();
    }
}
