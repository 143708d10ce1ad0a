using System.Collections.Immutable;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Flows.Engines;

/// <summary>Chooses the engine for a flow on this machine.</summary>
public static class FlowEngines
{
    private static readonly Lazy<string> Class = new(Describe);

    /// <summary>
    /// What else the bits of a flow depend on than the flow, its weights and its rows. Equal classes give equal bits. Of our
    /// kernels it is their version; of torch its version, the vector instructions that it dispatches to, the library of its
    /// matrix products, and the processor's maker and family, by which that library dispatches; then the first call loads
    /// torch, in some 0.2 s.
    /// </summary>
    /// <exception cref="Native.TorchNativeException">The flow needs torch, and this machine cannot load it.</exception>
    public static string DeviceClassOf(FlowSpec spec) => KernelEngine.Runs(spec) ? KernelEngine.Name : Class.Value;

    /// <summary>Every class that this machine computes in; without torch's where it cannot be loaded.</summary>
    public static ImmutableArray<string> DeviceClasses =>
    [
        .. KernelEngine.IsSupported ? (string[])[KernelEngine.Name] : [],
        .. Native.TorchNative.Describe().IsLoaded ? (string[])[Class.Value] : [],
    ];

    /// <summary>The fastest engine that knows the flow.</summary>
    public static IFlowEngine Create(FlowSpec spec)
    {
        IFlowEngine engine = KernelEngine.Runs(spec) ? KernelEngine.Create(spec) : new TorchEngine(spec);
        if (spec.Missing is not null) engine = new MissingEngine(engine);
        return spec.Categories is { } categories ? new MixedEngine(engine, new Categorical(categories, spec.Table!)) : engine;
    }

    private static string Describe()
    {
        var build = TorchBuild.Loaded();
        return $"torch-{build.Version}-cpu-{build.Capability}-{build.Blas}-{TorchBuild.Processor()}";
    }
}
