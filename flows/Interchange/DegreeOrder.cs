using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;

namespace FlowGrain.Flows.Interchange;

/// <summary>The hidden units of masked nets in other libraries: their degrees go round, 1, 2, …, 1, 2, …, where ours are sorted. There are as many of each.</summary>
/// <param name="degrees">Our units.</param>
internal sealed class DegreeOrder(MaskedDegrees degrees)
{
    private readonly int _groups = MaskedDegrees.LeastHidden(degrees.Shape);

    /// <summary>Our unit for each of theirs.</summary>
    internal ImmutableArray<int> Units => [.. Enumerable.Range(0, degrees.Hidden).Select(unit => degrees.Start(DegreeOf(unit)) + unit / _groups)];

    /// <summary>The degree of each of their units.</summary>
    internal IEnumerable<int> Degrees => Enumerable.Range(0, degrees.Hidden).Select(DegreeOf);

    private int DegreeOf(int unit) => degrees.Shape.Dimension - _groups + unit % _groups;
}
