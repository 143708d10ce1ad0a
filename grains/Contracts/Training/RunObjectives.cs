namespace FlowGrain.Training;

/// <summary>What training can minimise, by the name that answers give it.</summary>
public static class RunObjectives
{
    /// <summary>The negative log-likelihood: losses are nats per row in the units of the data.</summary>
    public const string Likelihood = "likelihood";

    /// <summary>The regression on a velocity that trains continuous flows: losses have no unit, and only among themselves can they be compared.</summary>
    public const string FlowMatching = "flow-matching";
}
