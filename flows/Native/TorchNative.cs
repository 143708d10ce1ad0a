using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace FlowGrain.Flows.Native;

/// <summary>Loads libtorch and TorchSharp's native half: once, from one place, with one thread for each operation.</summary>
/// <remarks>
/// Code of this assembly needs no call: torch is loaded at its first use. Code elsewhere that may use TorchSharp before it
/// uses a flow calls <see cref="Load"/> first.
/// </remarks>
public static class TorchNative
{
    // TorchSharp 0.107 first tries torch_cuda, or torch_cpu, and does without; this one it must get,
    // or it copies half a gigabyte of the package cache into a folder beside the program.
    private const string TorchSharpLibrary = "LibTorchSharp";

    private static readonly Lazy<TorchLibraries> Loaded = new(LoadOnce);

    /// <summary>Loads torch now, in some 0.2 s. Loading again does nothing; a failure stays the same failure.</summary>
    /// <exception cref="TorchNativeException">This machine cannot load torch; the message says why and what to do.</exception>
    public static void Load() => _ = Loaded.Value;

    /// <summary>Loads torch if need be, and says where from, or why that fails. Never throws.</summary>
    public static TorchNativeReport Describe()
    {
        try
        {
            return Loaded.Value.Report;
        }
        catch (TorchNativeException error)
        {
            return TorchNativeReport.Of(error);
        }
    }

    [ModuleInitializer]
    internal static void Hook()
    {
        // TorchSharp asks twice. By name, to see whether there is such a library: this is asked when the runtime finds none itself.
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => Resolve(name);
        // And at each native method: this is asked first, so that a library beside the program is loaded our way as well.
        NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => Resolve(name));
    }

    private static nint Resolve(string name) => name == TorchSharpLibrary ? Loaded.Value.Handle : 0;

    private static TorchLibraries LoadOnce()
    {
        FailedLoad.RemoveCopy(AppContext.BaseDirectory);
        try
        {
            return TorchLibraries.Load(NativeFolders.Find(AppContext.BaseDirectory, NativeFolders.OfPackages()));
        }
        catch (TorchNativeException)
        {
            FailedLoad.ForbidCopy();
            throw;
        }
    }
}
