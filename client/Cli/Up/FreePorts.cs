using System.Net;
using System.Net.Sockets;

namespace FlowGrain.Cli.Up;

/// <summary>Ports of loopback that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>Different ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="wanted">Those to take first, where they are free.</param>
    internal static int[] Take(int count, params ReadOnlySpan<int> wanted)
    {
        var listeners = new TcpListener[count]; // all at once, or two might be the same
        for (var i = 0; i < count; i++) listeners[i] = Listen(i < wanted.Length ? wanted[i] : 0);
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException) when (port != 0)
        {
            listener.Dispose();
            return Listen(0); // somebody else has it
        }
    }
}
