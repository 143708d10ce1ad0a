using System.Runtime.CompilerServices;
using FlowGrain.Flows.Native;
using TorchSharp;

/// <summary>Computes with torch inside any of our programs, before its Main, and ends it. See <see cref="FlowGrain.Tests.Flows.Native.TorchProbe"/>.</summary>
/// <remarks>The runtime demands this name, outside any namespace.</remarks>
internal static class StartupHook
{
    public static void Initialize()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(TorchNative).Module.ModuleHandle); // as any use of a flow does
        Console.WriteLine(Compute());
        Environment.Exit(0);
    }

    // TorchSharp comes first here, and loads itself through the hook.
    private static string Compute()
    {
        try
        {
            var sum = torch.cat([torch.ones(2, 3), torch.ones(2, 3)]).sum().item<float>();
            return $"sum {sum}, threads {torch.get_num_threads()}, from {TorchNative.Describe().Folder}";
        }
        catch (Exception error) when (error is TypeInitializationException or NotSupportedException)
        {
            return $"refused: {TorchNative.Describe()}";
        }
    }
}
