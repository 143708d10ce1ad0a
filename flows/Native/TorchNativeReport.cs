namespace FlowGrain.Flows.Native;

/// <summary>How torch was loaded, or why it was not; what <c>doctor</c> prints.</summary>
/// <param name="Message">One sentence: where the libraries come from, or what is wrong.</param>
/// <param name="Fix">What to do when it is not loaded, else null.</param>
/// <param name="Folder">The folder that libtorch was loaded from, else null.</param>
/// <param name="Mended">Whether TorchSharp's library had to be mended for an older libstdc++.</param>
/// <param name="LibStdCxx">The C++ library of this machine, such as <c>libstdc++.so.6.0.30</c>.</param>
public sealed record TorchNativeReport(string Message, string? Fix, string? Folder, bool Mended, string LibStdCxx)
{
    /// <summary>Whether torch can be used.</summary>
    public bool IsLoaded => Fix is null;

    internal static TorchNativeReport Of(NativeFolders folders, bool mended) => new(
        $"libtorch is loaded from {folders.LibTorch} ({folders.Origin}); libLibTorchSharp.so " +
        (mended ? $"is mended, as {SystemCxx.FileName()} lacks {SystemCxx.NewestDemand}." : $"is used as it is, with {SystemCxx.FileName()}."),
        Fix: null, folders.LibTorch, mended, SystemCxx.FileName());

    internal static TorchNativeReport Of(TorchNativeException error) =>
        new(error.Problem, error.Fix, Folder: null, Mended: false, SystemCxx.FileName());
}
