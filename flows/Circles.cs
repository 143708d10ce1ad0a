using System.Collections.Immutable;

namespace FlowGrain.Flows;

/// <summary>The columns of a flow that are angles: behind their <see cref="Marginals.CircleMap"/> each runs round a circle of its own, −π to π with its ends joined.</summary>
/// <remarks>
/// What maps an angle depends on its place on the circle alone, nets see its sine and cosine, and its base is uniform: so the density
/// is one of the circle, without ends. Source: Rezende et al. 2020, "Normalizing Flows on Tori and Spheres", https://arxiv.org/abs/2002.02428.
/// </remarks>
/// <param name="Columns">Their positions, ascending.</param>
public sealed record Circles(ImmutableArray<int> Columns)
{
    /// <summary>Those at some positions; null where there are none.</summary>
    internal static Circles? Of(IEnumerable<int> columns) => columns.ToImmutableArray() is { IsEmpty: false } some ? new(some) : null;

    /// <summary>Whether two are of the same columns.</summary>
    public bool Equals(Circles? other) => other is not null && Columns.AsSpan().SequenceEqual(other.Columns.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Columns.Aggregate(0, HashCode.Combine);
}
