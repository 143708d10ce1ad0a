using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Engines;

/// <summary>
/// The random numbers that some training rows are given: row i has those at <c>First + i</c> of the stream, so that they depend
/// on where a row stands in its pass, and not on how passes are cut into batches or who computes them.
/// </summary>
/// <param name="Random">The stream of the pass.</param>
/// <param name="First">Position of the first row.</param>
public readonly record struct TrainingDraw(CounterRandom Random, long First)
{
    /// <summary>The draws of the rows from number <paramref name="rows"/> on.</summary>
    public TrainingDraw After(int rows) => this with { First = First + rows };

    /// <summary>Other draws of the same rows, for a use of their own.</summary>
    internal TrainingDraw For(int use) => this with { Random = Random.At(use) };
}
