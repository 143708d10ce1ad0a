namespace FlowGrain.Cli.Output;

/// <summary>Takes rows, chunk by chunk.</summary>
internal interface IRowSink : IAsyncDisposable
{
    /// <summary>Takes whole rows, row-major.</summary>
    Task Write(ReadOnlyMemory<double> rows, CancellationToken cancellation);

    /// <summary>All rows are there.</summary>
    Task Complete(CancellationToken cancellation);
}
