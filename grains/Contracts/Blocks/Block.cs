namespace FlowGrain;

/// <summary>
/// Numbers on their way between grains: a slice of parameters, a gradient, rows of a table. Inside a silo the memory
/// itself is passed; between silos <see cref="BlockCodec{T}"/> writes it as one length-prefixed span.
/// </summary>
/// <param name="values">The numbers. The receiver reads them only until its call returns, and never writes them.</param>
/// <typeparam name="T">An unmanaged number, little-endian on the wire.</typeparam>
[Immutable, Alias("flowgrain.Block`1")]
public sealed class Block<T>(ReadOnlyMemory<T> values) where T : unmanaged
{
    /// <summary>The numbers.</summary>
    public ReadOnlyMemory<T> Values { get; } = values;

    /// <summary>The numbers as a span.</summary>
    public ReadOnlySpan<T> Span => Values.Span;

    /// <summary>How many numbers.</summary>
    public int Length => Values.Length;
}
