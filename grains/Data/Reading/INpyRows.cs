using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Takes rows out of the stored numbers of an npy array.</summary>
internal interface INpyRows : IDisposable
{
    /// <summary>Reads <paramref name="count"/> rows from row <paramref name="first"/> on; rows are asked for in order.</summary>
    int Read(Span<double> rows, ImmutableArray<int> columns, long first, int count);

    /// <summary>Throws unless the last row was also the end of the content; what follows would be lost in silence.</summary>
    void RequireEnd();
}
