namespace FlowGrain.Flows.Optimization;

/// <summary>The decay of the exponential moving average of the weights, which is what a model publishes.</summary>
public static class WeightAverage
{
    /// <summary>min(<paramref name="decay"/>, (1 + step)/(10 + step)): the average forgets the first steps quickly.</summary>
    public static double DecayAt(long step, double decay) => Math.Min(decay, (1.0 + step) / (10.0 + step));
}
