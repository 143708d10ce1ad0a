using System.Collections.Immutable;

namespace FlowGrain.Flows;

/// <summary>The columns of a flow that may lack a value, and where its context says whether they do.</summary>
/// <param name="Columns">Their positions, ascending.</param>
/// <param name="Context">Columns conditioned on, C; the last of them are 1 where one of these has a value, else 0.</param>
public sealed record MissingColumns(ImmutableArray<int> Columns, int Context)
{
    /// <summary>What is halfway between having a value and having none.</summary>
    internal const float Half = 0.5f;

    /// <summary>The context column that says whether a column has a value; −1 where it always has one.</summary>
    internal int FlagOf(int column) => Columns.IndexOf(column) is >= 0 and var i ? Context - Columns.Length + i : -1;

    /// <summary>Whether two name the same columns.</summary>
    public bool Equals(MissingColumns? other) => other is not null && Context == other.Context && Columns.AsSpan().SequenceEqual(other.Columns.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Columns.Length, Context);
}
