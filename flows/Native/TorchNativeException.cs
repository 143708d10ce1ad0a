namespace FlowGrain.Flows.Native;

/// <summary>Torch cannot be loaded on this machine. The message says what is wrong, where, and what to do.</summary>
/// <param name="problem">What is wrong and where, as a sentence.</param>
/// <param name="fix">What to do about it, as a sentence.</param>
/// <param name="cause">What the loader or the file system said, if it spoke.</param>
public sealed class TorchNativeException(string problem, string fix, Exception? cause = null)
    : Exception($"{problem} {fix}", cause)
{
    /// <summary>What is wrong and where.</summary>
    public string Problem { get; } = problem;

    /// <summary>What to do about it.</summary>
    public string Fix { get; } = fix;
}
