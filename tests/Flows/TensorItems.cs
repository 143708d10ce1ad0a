using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows;

internal static class TensorItems
{
    /// <summary>The only number of a tensor. TorchSharp's own ToDouble goes through a scalar that the collector may free while it is read: libtorch then ends the process (seen).</summary>
    internal static T Item<T>(this Tensor tensor) where T : unmanaged => tensor.data<T>()[0];
}
