using System.Globalization;

namespace FlowGrain.Cli.Doctor;

/// <summary>Whether there is memory to train in.</summary>
internal static class MemoryCheck
{
    private const double Enough = 1.5; // gigabytes: libtorch's own half, and the buffers of a few slots

    internal static Task<Check> Run(CancellationToken cancellation)
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        var free = Math.Min(total, Available() ?? total);
        return Task.FromResult(free >= Enough
            ? new Check("memory", CheckStatus.Ok, $"{free:0.0} of {total:0.0} GB free")
            : new Check("memory", CheckStatus.Warn, $"{free:0.0} of {total:0.0} GB free", "close other programs, or lower --batch"));
    }

    // The runtime knows the limit, but what is free only after a collection; Linux says it in kB.
    private static double? Available() => !File.Exists("/proc/meminfo") ? null : File.ReadLines("/proc/meminfo")
        .Where(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
        .Select(line => (double?)double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1e6)
        .FirstOrDefault();
}
