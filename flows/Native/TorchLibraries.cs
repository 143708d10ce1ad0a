using System.Runtime.InteropServices;

namespace FlowGrain.Flows.Native;

/// <summary>The loaded native libraries of torch.</summary>
/// <param name="Handle">TorchSharp's native half.</param>
/// <param name="Report">How it came to be loaded.</param>
internal sealed record TorchLibraries(nint Handle, TorchNativeReport Report)
{
    /// <exception cref="TorchNativeException">This machine cannot load torch.</exception>
    internal static TorchLibraries Load(NativeFolders folders)
    {
        // With libtorch in the process the loader finds it by its name: TorchSharp's library need not lie beside it.
        Open(folders.LibTorchFile);
        var mended = SystemCxx.HasNewestDemand ? null : Mend(folders.TorchSharpFile);
        var handle = mended is null ? Open(folders.TorchSharpFile) : OpenMended(mended);
        UseOneThread(handle);
        return new TorchLibraries(handle, TorchNativeReport.Of(folders, mended is not null));
    }

    /// <summary>The library without the demand that this machine cannot meet; null when it makes no such demand.</summary>
    internal static byte[]? Mend(string file)
    {
        try
        {
            var library = File.ReadAllBytes(file);
            return SymbolVersions.MakeWeak(library, SystemCxx.NewestDemand) ? library : null;
        }
        catch (InvalidDataException damaged)
        {
            throw new TorchNativeException(
                $"{file} cannot be mended. {damaged.Message}",
                "Remove its NuGet package from the package cache and run 'dotnet restore --force', or publish the program again.",
                damaged);
        }
    }

    private static nint OpenMended(byte[] library)
    {
        using var file = MendedLibrary.Place(library);
        return Open(file.Path);
    }

    private static nint Open(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception refused) when (refused is DllNotFoundException or BadImageFormatException)
        {
            throw new TorchNativeException(
                $"The system cannot load {file} on {RuntimeInformation.RuntimeIdentifier}: {refused.Message.ReplaceLineEndings(" ").Trim()}",
                "Torch needs Linux on x64 with glibc 2.34 or newer and libstdc++ (apt-get install libstdc++6), and a file system that is not mounted noexec.",
                refused);
        }
    }

    // Two threads inside an operation gain little, lose tenfold on a busy machine, and may change the last bits of a result.
    // Called before any operation, this is the value every thread starts with. FlowGrain computes in parallel over its slots.
    // The inter-op pool is left alone: only TorchScript uses it, and setting it twice ends the process.
    private static unsafe void UseOneThread(nint torchSharp) =>
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(torchSharp, "THSTorch_set_num_threads"))(1);
}
