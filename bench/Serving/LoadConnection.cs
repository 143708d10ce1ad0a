using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowGrain.Bench.Serving;

/// <summary>A connection that is kept, and on which one request after another is sent as raw bytes: a client costs a server's machine as little as it can.</summary>
internal sealed class LoadConnection : IDisposable
{
    private static readonly byte[] HeadersEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _received = new byte[1 << 16];
    private Range _body;

    private LoadConnection()
    {
    }

    /// <summary>The body of the last answer, until the next is asked for.</summary>
    internal ReadOnlySpan<byte> Body => _received.AsSpan(_body);

    /// <summary>Connects.</summary>
    internal static async Task<LoadConnection> Open(Uri silo)
    {
        var connection = new LoadConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, silo.Port);
        return connection;
    }

    /// <summary>A request to ask a model, as it travels.</summary>
    /// <param name="model">The model.</param>
    /// <param name="json">The JSON of the body.</param>
    /// <param name="tail">The tensors behind it; empty for none.</param>
    internal static byte[] Request(string model, string json, ReadOnlySpan<byte> tail = default)
    {
        var length = tail.IsEmpty ? "" : $"Inference-Header-Content-Length: {json.Length}\r\n";
        return [.. Encoding.ASCII.GetBytes($"POST /v2/models/{model}/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{length}Content-Length: {json.Length + tail.Length}\r\n\r\n{json}"), .. tail];
    }

    /// <summary>Sends a request and reads the answer; its status.</summary>
    internal async ValueTask<int> Ask(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var (count, whole) = (0, int.MaxValue);
        while (count < whole)
        {
            if (count == _received.Length) Array.Resize(ref _received, 2 * count);
            var read = await _socket.ReceiveAsync(_received.AsMemory(count));
            if (read == 0) throw new IOException("The silo has closed the connection.");
            count += read;
            if (whole == int.MaxValue) whole = Length(_received.AsSpan(0, count)) ?? int.MaxValue;
        }

        _body = (_received.AsSpan(0, count).IndexOf(HeadersEnd) + HeadersEnd.Length)..count;
        return int.Parse(_received.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    /// <summary>How long the whole answer is; null before that is known.</summary>
    private static int? Length(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf(HeadersEnd);
        if (end < 0) return null;
        var headers = Encoding.ASCII.GetString(received[..end]);
        var at = headers.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return received.EndsWith(LastChunk) ? received.Length : null; // a fault, which comes in chunks
        var line = headers.AsSpan(at + "Content-Length: ".Length);
        var stop = line.IndexOf('\r');
        return end + HeadersEnd.Length + int.Parse(stop < 0 ? line : line[..stop], CultureInfo.InvariantCulture);
    }
}
