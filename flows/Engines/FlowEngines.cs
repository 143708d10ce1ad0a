namespace FlowGrain.Flows.Engines;

/// <summary>Chooses the engine for a flow on this machine.</summary>
public static class FlowEngines
{
    private static readonly Lazy<string> Class = new(Describe);

    /// <summary>
    /// What else the bits of a computation depend on: the engine, libtorch's version, the vector instructions that it dispatches
    /// to, the library of its matrix products, and the processor's maker and family, by which that library dispatches. Equal
    /// classes give equal bits. The first call loads torch, in some 0.2 s.
    /// </summary>
    /// <exception cref="Native.TorchNativeException">This machine cannot load torch.</exception>
    public static string DeviceClass => Class.Value;

    /// <summary>The fastest engine that knows the flow.</summary>
    public static IFlowEngine Create(FlowSpec spec) => new TorchEngine(spec);

    private static string Describe()
    {
        var build = TorchBuild.Loaded();
        return $"torch-{build.Version}-cpu-{build.Capability}-{build.Blas}-{TorchBuild.Processor()}";
    }
}
