namespace FlowGrain.Data;

/// <summary>How far a reader is with what it reads.</summary>
internal interface IReadPosition : IDisposable
{
    /// <summary>Bytes read so far, packed as they lie on disk.</summary>
    long BytesRead { get; }

    /// <summary>The same as a share of all, in [0, 1].</summary>
    double Fraction { get; }

    /// <summary>Reads what is left of a file whose checksum comes last; returns what is wrong with it, or null.</summary>
    Exception? Damage();
}
