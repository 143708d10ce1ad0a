using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Cluster;

/// <summary>What happens to a cluster while it trains.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of a silo that has neither the run's grain nor its range, where there is one.</summary>
    KillWorkers,

    /// <summary>kill -9 of the silo that has the run's grain.</summary>
    KillRun,

    /// <summary>kill -9 of the silo that has the run's first range.</summary>
    KillRange,

    /// <summary>kill -9 of every silo.</summary>
    KillAll,

    /// <summary>The silo that has the run's grain is halted for 20 seconds and wakes among others that have declared it dead.</summary>
    HaltRun,

    /// <summary>kill -9 of Redis, which starts again on its files.</summary>
    RestartRedis,

    /// <summary>As <see cref="HaltRun"/>, of the silo that has the run's first range.</summary>
    HaltRange,

    /// <summary>As <see cref="HaltRun"/>, of a silo that has neither.</summary>
    HaltWorkers,
}

/// <summary>A fault and the step after which it happens.</summary>
internal sealed record Fault(FaultKind Kind, long AfterStep)
{
    /// <summary>The schedule of a seed: two or three faults in the first seven tenths of a run, the first of another kind for every seed in turn.</summary>
    internal static ImmutableArray<Fault> Schedule(int seed, long steps)
    {
        var (random, kinds) = (new CounterRandom(seed, "chaos"), Enum.GetValues<FaultKind>());
        var count = 2 + (int)random.Below(2, 0);
        return [.. Enumerable.Range(0, count).Select(i => new Fault(
            kinds[(seed + (i == 0 ? 0 : random.Below(kinds.Length, 2 * i))) % kinds.Length],
            steps * (1 + i) / (count + 2) + random.Below(steps / 10, 2 * i + 1)))];
    }
}
