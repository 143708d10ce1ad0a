using System.Runtime.InteropServices;

namespace FlowGrain.Flows.Native;

/// <summary>The C++ library of this machine, the one thing torch takes from it besides libc.</summary>
internal static class SystemCxx
{
    /// <summary>The newest version that TorchSharp 0.107 demands (GCC 13). Debian 12 and Ubuntu 22.04 end at GLIBCXX_3.4.30.</summary>
    internal const string NewestDemand = "GLIBCXX_3.4.32";

    // The only symbol of that version that TorchSharp names; nothing in TorchSharp calls it.
    private const string SymbolOfNewestDemand = "_ZSt21ios_base_library_initv";

    private const string Library = "libstdc++.so.6";

    /// <summary>Whether the loader would accept a library that demands <see cref="NewestDemand"/>.</summary>
    internal static bool HasNewestDemand { get; } =
        NativeLibrary.TryLoad(Library, out var handle) && NativeLibrary.TryGetExport(handle, SymbolOfNewestDemand, out _);

    /// <summary>The file that is loaded, such as <c>libstdc++.so.6.0.30</c>: its last number is that of the newest GLIBCXX_3.4.</summary>
    internal static string FileName()
    {
        var mapped = File.ReadLines("/proc/self/maps").FirstOrDefault(line => line.Contains(Library, StringComparison.Ordinal));
        return mapped is null ? $"no {Library}" : Path.GetFileName(mapped);
    }
}
