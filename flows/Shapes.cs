using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace FlowGrain.Flows;

/// <summary>The one place where shapes are checked.</summary>
internal static class Shapes
{
    internal static void RequireBatchOf(int dimension, Tensor tensor, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        if (tensor.dim() == 2 && tensor.shape[1] == dimension) return;

        var hint = tensor.dim() == 1 && tensor.shape[0] == dimension ? " One row? Add a batch axis with unsqueeze(0)." : "";
        throw new ArgumentException($"Expected [B, {dimension}] but '{name}' is {Text(tensor)}.{hint}", name);
    }

    internal static void RequireSameRows(Tensor batch, Tensor? context)
    {
        if (context is null || (context.dim() == 2 && context.shape[0] == batch.shape[0])) return;
        throw new ArgumentException($"Expected a context [{batch.shape[0]}, C] but it is {Text(context)}.", nameof(context));
    }

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
