namespace FlowGrain.Data;

/// <summary>The side of a split on which a row falls.</summary>
internal enum RowSide
{
    /// <summary>The flow learns from it.</summary>
    Train,

    /// <summary>Chooses the best weights and when to stop.</summary>
    Validation,

    /// <summary>Touched by nothing but the final figures.</summary>
    Test,
}
