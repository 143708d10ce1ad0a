using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowGrain.Tests.Silo.Inference.Malformed;

/// <summary>What came back on a connection on which bytes were sent, and nothing more.</summary>
/// <param name="Status">The status; null where none came.</param>
/// <param name="Body">The body, without the framing of chunks.</param>
internal sealed record RawAnswer(int? Status, string Body)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // a request takes milliseconds

    /// <summary>Sends a request and reads to the end of the connection.</summary>
    internal static async Task<RawAnswer> To(Uri silo, MalformedRequest request, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        await socket.ConnectAsync(IPAddress.Loopback, silo.Port, either.Token);
        using var received = new MemoryStream();
        try
        {
            await socket.SendAsync(request.Bytes, either.Token);
            if (request.IsCut) socket.Shutdown(SocketShutdown.Send); // a silo takes that for a client that has gone away
            var buffer = new byte[1 << 16];
            while (await socket.ReceiveAsync(buffer, either.Token) is > 0 and var read) received.Write(buffer, 0, read);
        }
        catch (SocketException) // it was refused before all of it was sent; what came is an answer
        {
        }

        return Of(Encoding.UTF8.GetString(received.GetBuffer().AsSpan(0, (int)received.Length)));
    }

    private static RawAnswer Of(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || !text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)) return new(null, text);
        var (head, body) = (text[..end], text[(end + 4)..]);
        return new(int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) ? Joined(body) : body);
    }

    private static string Joined(string chunks)
    {
        var body = new StringBuilder();
        var bytes = Encoding.UTF8.GetBytes(chunks).AsSpan();
        while (bytes.IndexOf("\r\n"u8) is > 0 and var line && int.TryParse(Encoding.ASCII.GetString(bytes[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length) && length > 0)
        {
            body.Append(Encoding.UTF8.GetString(bytes.Slice(line + 2, length)));
            bytes = bytes[(line + length + 4)..];
        }

        return body.ToString();
    }
}
