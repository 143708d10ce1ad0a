using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows;

/// <summary>A probability density. Bases and flows are the same type, so a flow can be a base.</summary>
public abstract class Density(int dimension)
{
    /// <summary>Columns, D.</summary>
    public int Dimension { get; } = dimension;

    /// <summary>Log-density of each row: <c>[B, D]</c> to <c>[B]</c>, nats.</summary>
    public abstract Tensor LogProb(Tensor x, Tensor? context = null);

    /// <summary>As <see cref="LogProb"/>, in training: what is estimated may be by random numbers of the draw, fresh in every step.</summary>
    internal virtual Tensor LogProbInTraining(Tensor x, Tensor? context, TrainingDraw draw) => LogProb(x, context);

    /// <summary>Draws number <paramref name="first"/> and following of a stream, with their log-densities.</summary>
    /// <param name="random">The stream; draw <c>i</c> depends on it and on <c>i</c> alone.</param>
    /// <param name="first">Index of the first draw.</param>
    /// <param name="rows">How many draws.</param>
    /// <param name="context"><c>[rows, C]</c> or null.</param>
    public abstract (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null);
}
