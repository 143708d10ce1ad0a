namespace FlowGrain.Flows.Kernels;

/// <summary>Some units of a layer, side by side.</summary>
internal readonly record struct Units(int First, int Count);
