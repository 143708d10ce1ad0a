using System.Diagnostics;

namespace FlowGrain.Bench.Densities;

/// <summary>The cores that a measurement may use: figures after so many minutes mean nothing without them.</summary>
internal static class Cores
{
    /// <summary>Those of the figures in docs/benchmarks.md.</summary>
    internal const int OfFigures = 2;

    /// <summary>Keeps this process on the first cores of the machine; where it has fewer, or cannot be told, that is said.</summary>
    internal static void Take(int count)
    {
        if (Environment.ProcessorCount < count) Console.WriteLine($"This machine lets the process have {Environment.ProcessorCount} core of the {count} that the figures are for.");
        else if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            using var process = Process.GetCurrentProcess();
            process.ProcessorAffinity = First(process.ProcessorAffinity, count);
        }
        else Console.WriteLine($"This system pins no cores: the figures are for {count}, and this run has {Environment.ProcessorCount}.");
    }

    /// <summary>The lowest of the cores that the process may have already.</summary>
    private static nint First(nint allowed, int count)
    {
        nint first = 0;
        for (var core = 0; core < 8 * nint.Size && count > 0; core++)
        {
            if ((allowed & ((nint)1 << core)) == 0) continue;
            first |= (nint)1 << core;
            count--;
        }

        return first;
    }
}
