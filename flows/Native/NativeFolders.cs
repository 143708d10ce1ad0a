using System.Reflection;

namespace FlowGrain.Flows.Native;

/// <summary>Where the native libraries lie: flat beside a published program, else in the NuGet package cache.</summary>
/// <param name="Origin">In words, which of the two.</param>
/// <param name="TorchSharp">The folder of libLibTorchSharp.so.</param>
/// <param name="LibTorch">The folder of libtorch.so and of what it needs.</param>
internal sealed record NativeFolders(string Origin, string TorchSharp, string LibTorch)
{
    /// <summary>TorchSharp's native half.</summary>
    internal string TorchSharpFile => Path.Combine(TorchSharp, "libLibTorchSharp.so");

    /// <summary>The root of libtorch: it needs all the others.</summary>
    internal string LibTorchFile => Path.Combine(LibTorch, "libtorch.so");

    private bool Exist => File.Exists(TorchSharpFile) && File.Exists(LibTorchFile);

    /// <exception cref="TorchNativeException">The libraries lie in neither place.</exception>
    internal static NativeFolders Find(string program, NativeFolders packages)
    {
        var beside = new NativeFolders("beside the program", program, program);
        return beside.Exist ? beside
            : packages.Exist ? packages
            : throw new TorchNativeException(
                $"The native libraries of torch lie neither beside the program ({program}) nor in the NuGet package cache " +
                $"({packages.TorchSharpFile}, {packages.LibTorchFile}).",
                "In a checkout run 'dotnet restore', then build again; elsewhere install what 'dotnet publish' made, with all its files.");
    }

    /// <summary>The folders of the package cache that this assembly was built with (TorchNatives.targets writes them down).</summary>
    internal static NativeFolders OfPackages()
    {
        var notes = typeof(NativeFolders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToLookup(note => note.Key, note => note.Value);
        return new NativeFolders("the NuGet package cache", Note("TorchSharpNatives"), Note("LibTorchNatives"));

        string Note(string key) => notes[key].FirstOrDefault() ?? "";
    }
}
