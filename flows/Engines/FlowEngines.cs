namespace FlowGrain.Flows.Engines;

/// <summary>Chooses the engine for a flow on this machine.</summary>
public static class FlowEngines
{
    /// <summary>What else the bits of a computation depend on: the engine, its version and the width of its vectors.</summary>
    public static string DeviceClass { get; } = $"torch-2.10.0-cpu-{VectorWidth()}";

    /// <summary>The fastest engine that knows the flow.</summary>
    public static IFlowEngine Create(FlowSpec spec) => KernelEngine.Runs(spec) ? KernelEngine.Create(spec) : new TorchEngine(spec);

    private static string VectorWidth() =>
        System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "avx512"
        : System.Runtime.Intrinsics.X86.Avx2.IsSupported ? "avx2"
        : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
