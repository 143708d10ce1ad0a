using FlowGrain.Flows.Native;
using TorchSharp;

/// <summary>Computes with torch inside any of our programs, before its Main, and ends it. See <see cref="FlowGrain.Tests.Flows.Native.TorchProbe"/>.</summary>
/// <remarks>The runtime demands this name, outside any namespace.</remarks>
internal static class StartupHook
{
    public static void Initialize()
    {
        using var scope = torch.NewDisposeScope();
        TorchNative.Load();
        var sum = (torch.ones(2, 3) + torch.ones(2, 3)).sum().item<float>();
        Console.WriteLine($"sum {sum}, threads {torch.get_num_threads()}, from {TorchNative.Describe().Folder}");
        Environment.Exit(0);
    }
}
