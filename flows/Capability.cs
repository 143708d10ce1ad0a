namespace FlowGrain.Flows;

/// <summary>What a map or a density can do, and how exactly.</summary>
[Flags]
public enum Capability
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Data to base.</summary>
    Normalize = 1,

    /// <summary>Base to data.</summary>
    Generate = 2,

    /// <summary>The log-determinant is exact.</summary>
    ExactLogDet = 4,

    /// <summary>Generate solves for a root, or an equation.</summary>
    IterativeGenerate = 8,

    /// <summary>The log-determinant is a random estimate.</summary>
    Stochastic = 16,

    /// <summary>The log-density is a lower bound.</summary>
    LowerBound = 32,

    /// <summary>The log-determinant is integrated numerically, to an error that is measured.</summary>
    Numerical = 64,

    /// <summary>Normalize solves for a root, or an equation.</summary>
    IterativeNormalize = 128,

    /// <summary>Generate takes one pass for each column, since a column needs those before it.</summary>
    SequentialGenerate = 256,

    /// <summary>Normalize takes one pass for each column.</summary>
    SequentialNormalize = 512,
}

/// <summary>How capabilities add up.</summary>
internal static class Capabilities
{
    /// <summary>What most maps can: both directions at once, exactly.</summary>
    internal const Capability Closed = Capability.Normalize | Capability.Generate | Capability.ExactLogDet;

    /// <summary>What a map can that falls short of <see cref="Closed"/> in this.</summary>
    internal static Capability Of(Capability shortfall) => (Closed | shortfall) & ~If(shortfall, Capability.Numerical, Capability.ExactLogDet);

    /// <summary>Those of a chain: what all of its maps can, and what any of them falls short of.</summary>
    internal static Capability Chained(IEnumerable<Capability> maps) => maps.Aggregate((all, one) => (all & one & Closed) | ((all | one) & ~Closed));

    /// <summary>Those of a map turned round.</summary>
    internal static Capability Inverted(Capability map) =>
        (map & ~(Capability.IterativeNormalize | Capability.IterativeGenerate | Capability.SequentialNormalize | Capability.SequentialGenerate))
        | If(map, Capability.IterativeGenerate, Capability.IterativeNormalize) | If(map, Capability.IterativeNormalize, Capability.IterativeGenerate)
        | If(map, Capability.SequentialGenerate, Capability.SequentialNormalize) | If(map, Capability.SequentialNormalize, Capability.SequentialGenerate);

    private static Capability If(Capability map, Capability has, Capability then) => map.HasFlag(has) ? then : Capability.None;
}
