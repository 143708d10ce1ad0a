using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace FlowGrain.Bench.Scaling;

/// <summary>Counts every byte that a silo reads from its connections to other silos: sums, envelopes, answers, membership.</summary>
internal sealed class WireMeter
{
    private long _bytes;

    /// <summary>Bytes so far.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Counts on connections of either direction.</summary>
    internal void Watch(SiloConnectionOptions connections)
    {
        connections.ConfigureSiloInboundConnection(Watch);
        connections.ConfigureSiloOutboundConnection(Watch);
    }

    private void Watch(IConnectionBuilder connection) => connection.Use(next => context =>
    {
        context.Transport = new Counted(this, context.Transport);
        return next(context);
    });

    private sealed class Counted(WireMeter meter, IDuplexPipe pipe) : IDuplexPipe
    {
        public PipeReader Input { get; } = new CountedReader(meter, pipe.Input);

        public PipeWriter Output => pipe.Output;
    }

    private sealed class CountedReader(WireMeter meter, PipeReader reader) : PipeReader
    {
        private ReadOnlySequence<byte> _read;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var result = await reader.ReadAsync(cancellationToken);
            _read = result.Buffer;
            return result;
        }

        public override bool TryRead(out ReadResult result)
        {
            var read = reader.TryRead(out result);
            if (read) _read = result.Buffer;
            return read;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            Interlocked.Add(ref meter._bytes, _read.Slice(0, consumed).Length);
            reader.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => reader.CancelPendingRead();

        public override void Complete(Exception? exception = null) => reader.Complete(exception);
    }
}
