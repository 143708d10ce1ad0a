using System.Net;
using System.Net.Sockets;

namespace FlowGrain.Cli.Up;

/// <summary>Ports of loopback that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>Different ones.</summary>
    internal static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => Listen()).ToArray(); // all at once, or two might be the same
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
