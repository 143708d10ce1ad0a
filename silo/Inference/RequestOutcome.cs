namespace FlowGrain.Silo.Inference;

/// <summary>What became of an inference request; a label of metrics.</summary>
internal enum RequestOutcome
{
    /// <summary>Its client has the answer.</summary>
    Answered,

    /// <summary>It could not be used, or there was no room for it: a status below 500.</summary>
    Refused,

    /// <summary>Its client went away.</summary>
    Abandoned,

    /// <summary>The silo or the cluster is at fault, or it was too late.</summary>
    Failed,
}
