using System.Runtime.InteropServices;
using System.Text;

namespace FlowGrain.Cli.Output;

/// <summary>Where data goes. Unlike the framework's console it tells when nobody reads any more, so that <c>flowgrain … | head</c> ends.</summary>
internal sealed partial class Stdout : Stream
{
    private const int Handle = 1, Interrupted = 4, Again = 11, ReaderGone = 32; // EINTR, EAGAIN, EPIPE of Linux
    private const short Writable = 4; // POLLOUT

    /// <summary>A writer of text in UTF-8, every line at once.</summary>
    internal static TextWriter Open() => OperatingSystem.IsLinux()
        ? TextWriter.Synchronized(new StreamWriter(new Stdout(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true })
        : Console.Out;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    /// <exception cref="ReaderGoneException">Who read it has gone.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (Write(Handle, buffer, (nuint)buffer.Length) is >= 0 and var written) buffer = buffer[(int)written..];
            else Explain(Marshal.GetLastPInvokeError());
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static void Explain(int fault)
    {
        if (fault == ReaderGone) throw new ReaderGoneException();
        if (fault == Again) WaitForReader();
        else if (fault != Interrupted) throw new IOException($"stdout cannot be written: {Marshal.GetPInvokeErrorMessage(fault)}.");
    }

    private static void WaitForReader()
    {
        var ready = new Ready { Handle = Handle, Wanted = Writable };
        _ = Poll(ref ready, 1, -1);
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Ready ready, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int handle, ReadOnlySpan<byte> buffer, nuint count);

    /// <summary>A <c>pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Ready
    {
        internal int Handle;
        internal short Wanted;
        internal short Found;
    }
}

/// <summary>Whoever read stdout has gone, and has what they wanted of it.</summary>
internal sealed class ReaderGoneException() : IOException("Nobody reads stdout any more.");
