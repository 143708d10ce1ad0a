using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowGrain.Silo.Inference;

/// <summary>The body of a request or of its answer, which its client may not hold up: all that it was waited for, it had to come or go at a rate.</summary>
/// <param name="body">The body.</param>
/// <param name="least">The rate, and how long it may be missed at first.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="late">What is thrown at who is slower.</param>
internal sealed class PacedBody(Stream body, MinDataRate least, TimeProvider clock, Func<Exception> late) : Stream
{
    private long _bytes;
    private TimeSpan _waited;

    public override bool CanRead => body.CanRead;

    public override bool CanWrite => body.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>How long it may be waited for from now on.</summary>
    private TimeSpan Left => least.GracePeriod + TimeSpan.FromSeconds(_bytes / least.BytesPerSecond) - _waited;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await InTime(token => body.ReadAsync(buffer, token), cancellationToken);
        _bytes += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _bytes += buffer.Length;
        await InTime(token => Done(body.WriteAsync(buffer, token), token), cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken) =>
        await InTime(token => Done(new ValueTask(body.FlushAsync(token)), token), cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(); // a server waits for nobody

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<int> InTime(Func<CancellationToken, ValueTask<int>> wait, CancellationToken cancellation)
    {
        var (began, left) = (clock.GetTimestamp(), Left);
        using var ends = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, ends.Token);
        try
        {
            return await wait(either.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw late();
        }
        finally
        {
            _waited += clock.GetElapsedTime(began);
        }
    }

    /// <summary>Sends; what was not sent in time the server drops in silence.</summary>
    private static async ValueTask<int> Done(ValueTask sending, CancellationToken cancellation)
    {
        await sending;
        cancellation.ThrowIfCancellationRequested();
        return 0;
    }
}
