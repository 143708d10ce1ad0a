using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>What a loop works on.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Version">The version it makes.</param>
/// <param name="Epoch">The claim that it holds.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Prepared">What was prepared from it.</param>
/// <param name="Aggregators">One for each range of the parameters.</param>
/// <param name="DeviceClass">What its rounds are computed in.</param>
/// <param name="Silo">The silo that leads it.</param>
internal sealed record RunParts(
    string Run,
    int Version,
    Epoch Epoch,
    TrainingPlan Plan,
    PreparedRun Prepared,
    ImmutableArray<IAggregatorGrain> Aggregators,
    string DeviceClass,
    string Silo);
