namespace FlowGrain.Bench.Scaling;

/// <summary>A way of the sums from the workers to the root, and what it should bring to the busiest node in a round.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Gathering">Where sums meet before they reach a root.</param>
/// <param name="InRanges">Whether the roots are the aggregators of A ranges; else there is one.</param>
/// <param name="Messages">How many messages.</param>
/// <param name="Bytes">How many bytes of sums.</param>
internal sealed record ReductionWay(string Name, Gathering Gathering, bool InRanges, Formula Messages, Formula Bytes)
{
    private static readonly Formula OneAWorker = new("W", size => size.Workers), OneASilo = new("N", size => size.Silos);

    /// <summary>Every worker sends to one root.</summary>
    internal static ReductionWay Flat { get; } = new(
        "flat", Gathering.Nowhere, InRanges: false, OneAWorker, new("W·B", size => size.Workers * size.Bytes));

    /// <summary>Every worker sends to the root of each range.</summary>
    internal static ReductionWay Ranged { get; } = new(
        "ranged", Gathering.Nowhere, InRanges: true, OneAWorker, new("W·B/A", size => size.Workers * size.Bytes / size.Ranges));

    /// <summary>Sums are added k at a time, level by level, at nodes of which each may be a machine of its own.</summary>
    internal static ReductionWay Tree { get; } = new(
        "tree", Gathering.InTree, InRanges: false, new("k", size => size.FanIn), new("k·B", size => size.FanIn * size.Bytes));

    /// <summary>Sums of a silo are added before they travel to one root: the product with one range.</summary>
    internal static ReductionWay Combined { get; } = new(
        "combined", Gathering.OnSilos, InRanges: false, OneASilo, new("N·B", size => size.Silos * size.Bytes));

    /// <summary>Sums of a silo are added before they travel to the root of each range: the product with A ranges.</summary>
    internal static ReductionWay CombinedAndRanged { get; } = new(
        "combined, ranged", Gathering.OnSilos, InRanges: true, OneASilo, new("N·B/A", size => size.Silos * size.Bytes / size.Ranges));

    /// <summary>All of them, the heaviest first.</summary>
    internal static IReadOnlyList<ReductionWay> All { get; } = [Flat, Ranged, Tree, Combined, CombinedAndRanged];
}

/// <summary>A formula of the cost model.</summary>
/// <param name="Text">As docs/scaling.md writes it.</param>
/// <param name="Of">Its value.</param>
internal sealed record Formula(string Text, Func<ScalingSize, double> Of);

/// <summary>Where sums meet on their way.</summary>
internal enum Gathering
{
    /// <summary>At the roots alone.</summary>
    Nowhere,

    /// <summary>On the silo of their workers.</summary>
    OnSilos,

    /// <summary>At combiners, level by level.</summary>
    InTree,
}
