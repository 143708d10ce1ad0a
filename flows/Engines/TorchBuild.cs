using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.RegularExpressions;
using FlowGrain.Flows.Native;

namespace FlowGrain.Flows.Engines;

/// <summary>What libtorch says of itself on this machine: the parts of it that decide the last bits of a result.</summary>
/// <param name="Version">Of libtorch, such as <c>2.10.0</c>.</param>
/// <param name="Capability">The vector instructions that its own kernels are dispatched to, such as <c>avx2</c>.</param>
/// <param name="Blas">The library of its matrix products, with its version, such as <c>mkl-2024.2</c>.</param>
internal sealed partial record TorchBuild(string Version, string Capability, string Blas)
{
    private const string ShowConfig = "_ZN2at11show_configB5cxx11Ev"; // std::string at::show_config(); TorchSharp has no way to it

    /// <summary>Asks the libtorch that is loaded, and loads it first if need be.</summary>
    internal static TorchBuild Loaded()
    {
        TorchNative.Load();
        return Parse(Config());
    }

    /// <summary>Reads the text that libtorch prints as its configuration.</summary>
    /// <exception cref="InvalidDataException">It says nothing of its version or its vector instructions.</exception>
    internal static TorchBuild Parse(string config)
    {
        var blas = Found(BlasName(), config) ?? "no-blas";
        return new(
            Found(TorchVersion(), config) ?? throw Silent("version"),
            (Found(CpuCapability(), config) ?? throw Silent("vector instructions")).Replace(' ', '-').ToLowerInvariant(),
            blas == "mkl" && Found(MklVersion(), config) is { } version ? $"mkl-{version}" : blas);
    }

    /// <summary>The processor's maker and family, such as <c>AuthenticAMD-25</c>: MKL chooses its kernels by them, not by the instructions alone.</summary>
    internal static string Processor()
    {
        if (!X86Base.IsSupported) return RuntimeInformation.ProcessArchitecture.ToString();
        var (_, b, c, d) = X86Base.CpuId(0, 0);
        var version = X86Base.CpuId(1, 0).Eax;
        var family = version >> 8 & 0xF;
        return $"{Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([b, d, c]))}-{(family == 0xF ? family + (version >> 20 & 0xFF) : family)}";
    }

    private static unsafe string Config()
    {
        var text = default(CxxString);
        var show = (delegate* unmanaged<CxxString*, void>)NativeLibrary.GetExport(NativeLibrary.Load("libtorch_cpu.so"), ShowConfig);
        show(&text); // its two kilobytes are never freed: it is asked once
        return Encoding.UTF8.GetString(text.Start, (int)text.Length);
    }

    private static string? Found(Regex pattern, string config) => pattern.Match(config) is { Success: true } match ? match.Groups[1].Value : null;

    private static InvalidDataException Silent(string what) => new($"libtorch does not say its {what}, so nobody could tell which bits it computes.");

    [GeneratedRegex(@"TORCH_VERSION=([^,\s]+)")]
    private static partial Regex TorchVersion();

    [GeneratedRegex(@"CPU capability usage: (.+)")]
    private static partial Regex CpuCapability();

    [GeneratedRegex(@"BLAS_INFO=([^,\s]+)")]
    private static partial Regex BlasName();

    [GeneratedRegex(@"Math Kernel Library Version (\S+?)-Product")]
    private static partial Regex MklVersion();

    /// <summary>A std::string of libstdc++; a function that returns one takes the place for it as a hidden first argument.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct CxxString
    {
        internal byte* Start;
        internal nuint Length;
        private fixed byte _short[16];
    }
}
