namespace FlowGrain.Silo.Inference;

/// <summary>A body that shows what was read of it, before its reader gets it. One that is not packed as it says is the client's fault.</summary>
internal sealed class CountedBody(Stream body, Action<ReadOnlySpan<byte>> read) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await Unpacked(buffer, cancellationToken);
        read(buffer.Span[..bytes]);
        return bytes;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(); // a server waits for nobody

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<int> Unpacked(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or InvalidOperationException { Source: "System.IO.Compression.Brotli" })
        {
            throw new BadInputException("The body is damaged or cut, or is not packed as its Content-Encoding says; pack it again with gzip or deflate, or send it as it is.");
        }
    }
}
