using System.Diagnostics;

namespace FlowGrain.Tests.Cluster;

/// <summary>A real Redis of the test's own, which keeps all that it is told.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly bool _durable;
    private Process _process;

    /// <param name="durable">Whether it writes down what it is told.</param>
    internal RedisServer(bool durable = true)
    {
        _durable = durable;
        Port = Ports.Free();
        _process = Launch();
    }

    internal int Port { get; }

    internal string Address => $"127.0.0.1:{Port}";

    /// <summary>kill -9.</summary>
    internal void Stop()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>kill -9, and another process on the same files.</summary>
    internal void Restart()
    {
        Stop();
        _process.Dispose();
        _process = Launch();
    }

    public void Dispose()
    {
        Stop();
        _process.Dispose();
        _folder.Dispose();
    }

    private Process Launch() => Process.Start(new ProcessStartInfo(
        "redis-server",
        ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--appendonly", _durable ? "yes" : "no", "--appendfsync", "always", "--save", "", "--logfile", _folder.In("redis.log")]))!;
}
