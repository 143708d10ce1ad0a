using System.Globalization;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Bench;

/// <summary>A table of independent normals: what is measured on it is speed.</summary>
internal static class NormalTable
{
    private const int Rows = 131_072;

    /// <summary>Writes it into a folder and returns its path.</summary>
    internal static string Write(string folder, int columns)
    {
        var random = new CounterRandom(1, "table");
        var path = Path.Combine(folder, "normals.csv");
        File.WriteAllLines(path, Enumerable.Range(0, Rows).Select(row => string.Join(',', Enumerable.Range(0, columns).Select(column => random.Normal((long)row * columns + column).ToString("F6", CultureInfo.InvariantCulture)))));
        return path;
    }
}
