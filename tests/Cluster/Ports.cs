using System.Net;
using System.Net.Sockets;

namespace FlowGrain.Tests.Cluster;

/// <summary>Ports that nobody listens on, below those that the system gives to whoever connects: so nobody takes one before the silo does that it is for.</summary>
internal static class Ports
{
    private const int First = 12_000;
    private const int Count = 17_000; // up to the ports that a silo has where none is set

    private static int _next = Environment.ProcessId * 97; // other test programs begin elsewhere

    internal static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
