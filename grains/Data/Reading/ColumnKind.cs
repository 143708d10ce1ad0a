namespace FlowGrain.Data;

/// <summary>What the type of a column says of its values.</summary>
internal enum ColumnKind
{
    /// <summary>Numbers; true and false are 1 and 0.</summary>
    Number,

    /// <summary>Points in time, read as days since 1970-01-01 UTC.</summary>
    Date,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Lists, records, bytes: nothing that is one number a row.</summary>
    Nested,
}
