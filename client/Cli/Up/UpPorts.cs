using System.Globalization;
using System.Text;
using FlowGrain.Storage;

namespace FlowGrain.Cli.Up;

/// <summary>The ports of <c>up</c> on a home: the same again where they are free, so that its addresses stay.</summary>
/// <param name="up">The folder that remembers them.</param>
internal sealed class UpPorts(string up)
{
    private const int OfSilo = 3; // between silos, for Orleans clients, for HTTP

    private readonly string _file = Path.Combine(up, "ports");

    /// <summary>The address of the first silo's API; null where no <c>up</c> has run.</summary>
    internal string? Url => Before() is { Length: > OfSilo } ports ? $"http://127.0.0.1:{ports[OfSilo]}" : null;

    /// <summary>One for Redis and three for each silo, all different.</summary>
    internal (int Redis, int[][] Silos) Take(int silos)
    {
        var before = Before();
        var ports = FreePorts.Take(1 + (OfSilo * silos), before);
        WholeFile.Write(_file, Encoding.ASCII.GetBytes(string.Join(' ', ports.Concat(before.Skip(ports.Length)))));
        return (ports[0], [.. ports.Skip(1).Chunk(OfSilo)]);
    }

    private int[] Before() => File.Exists(_file) ? [.. File.ReadAllText(_file).Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture))] : [];
}
