using System.Collections.Immutable;
using FlowGrain.Flows.ScalarMaps;

namespace FlowGrain.Flows;

/// <summary>Sizes that every transform of a flow shares.</summary>
/// <param name="Dimension">Columns modelled, D.</param>
/// <param name="Context">Columns conditioned on, C.</param>
/// <param name="Missing">The columns that may lack a value; null where none may.</param>
/// <param name="Circles">The columns that are angles; null where none is.</param>
public readonly record struct FlowShape(int Dimension, int Context, MissingColumns? Missing = null, Circles? Circles = null)
{
    /// <summary>The columns that are angles, ascending.</summary>
    internal ImmutableArray<int> Angles => Circles?.Columns ?? [];

    /// <summary>The columns that are none, ascending.</summary>
    internal ImmutableArray<int> Lines => Others(Angles);

    /// <summary>The other columns, ascending.</summary>
    internal ImmutableArray<int> Others(ImmutableArray<int> columns) => [.. Enumerable.Range(0, Dimension).Except(columns)];

    /// <summary>Numbers that a net takes of some columns: two of an angle.</summary>
    internal int InputsOf(ImmutableArray<int> columns) => columns.Length + columns.Intersect(Angles).Count();

    /// <summary>The shape of some columns, ascending, for a transform of them alone.</summary>
    /// <param name="columns">Their positions.</param>
    /// <param name="given">Whether the others are its context, in front of the flow's.</param>
    internal FlowShape Within(ImmutableArray<int> columns, bool given)
    {
        var angles = Angles;
        return new(columns.Length, Context + (given ? InputsOf(Others(columns)) : 0), Circles: Circles.Of(columns.Index().Where(at => angles.Contains(at.Item)).Select(at => at.Index)));
    }

    /// <summary>What is wrong with a layer that maps some columns each by itself, a sentence each.</summary>
    internal IEnumerable<string> MapProblems(string type, ImmutableArray<int> mapped, ScalarMapSpec map)
    {
        var angles = mapped.Intersect(Angles).Count();
        if (angles == 0) yield break;
        if (angles < mapped.Length) yield return $"{type} maps angles and other columns, which take different maps; give each kind a layer, and where it takes all columns put it into a 'subset'.";
        else if (map is not CircularRationalQuadraticSpec { Bound: CircularRationalQuadraticSpec.Angle }) yield return $"{type} maps angles; their map is 'circular-rational-quadratic' without a bound.";
    }
}
