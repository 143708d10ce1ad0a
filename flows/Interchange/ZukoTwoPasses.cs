using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>
/// zuko's coupling by an autoregressive layer of two passes, as <c>NSF(passes=2)</c> has it: half of the columns is mapped by
/// constants, which are biases of the last layer alone, and the other half by the net of the first.
/// </summary>
/// <param name="mapped">The half that depends on the other.</param>
/// <param name="alone">The half that depends on nothing.</param>
internal sealed class ZukoTwoPasses(CouplingSpec mapped, CouplingSpec alone)
{
    /// <summary>Whether two transforms, one after the other, are such a layer.</summary>
    internal static bool Is(TransformSpec first, TransformSpec second, FlowShape shape) =>
        first is CouplingSpec { Conditioner: MlpSpec } mapped && second is CouplingSpec { Conditioner: ConstantSpec } alone && mapped.Map == alone.Map &&
        shape.Context == 0 && mapped.PassedThrough(shape).SequenceEqual(alone.Transformed);

    /// <summary>Adds the tensors; returns null, since zuko has such a layer.</summary>
    internal string? Add(Correspondence tensors, string prefix, ImmutableArray<BlockScope> parameters, int columns)
    {
        var (mlp, net, units) = ((MlpSpec)mapped.Conditioner, parameters[0].In("net"), Orders.Same(((MlpSpec)mapped.Conditioner).Hidden));
        tensors.Add(new TensorConstant($"{prefix}order", StateTensor.Whole(Enumerable.Range(0, columns).Select(column => mapped.Transformed.Contains(column) ? 1 : 0)), "names other columns"));
        for (var layer = 0; layer < mlp.Layers; layer++)
            AddMask(tensors, tensors.AddLinear($"{prefix}hyper.{2 * layer}.", net.In($"{layer}"), units, layer == 0 ? [.. Enumerable.Range(0, columns).Select(column => alone.Transformed.IndexOf(column))] : units));

        var (last, outputs) = ($"{prefix}hyper.{2 * mlp.Layers}.", columns * mapped.Map.ParameterCount);
        var (weight, bias, constants) = (net["out.weight"], net["out.bias"], parameters[1]["net.bias"]);
        var rows = Enumerable.Range(0, outputs).Select(Row).ToArray();
        var link = new TensorLink($"{last}weight", [outputs, mlp.Hidden], [.. rows.SelectMany(row => units.Select(unit => row.IsMapped ? weight.Offset + row.Ours * mlp.Hidden + unit : -1))]);
        tensors.Add(link);
        tensors.Add(new TensorLink($"{last}bias", [outputs], [.. rows.Select(row => (row.IsMapped ? bias : constants).Offset + row.Ours)]));
        AddMask(tensors, link);
        return null;
    }

    /// <summary>Our row of one of theirs, and which of the two transforms has it.</summary>
    private (bool IsMapped, int Ours) Row(int row)
    {
        var (column, number) = int.DivRem(row, mapped.Map.ParameterCount);
        var isMapped = mapped.Transformed.Contains(column);
        return (isMapped, (isMapped ? mapped : alone).Transformed.IndexOf(column) * mapped.Map.ParameterCount + number);
    }

    private static void AddMask(Correspondence tensors, TensorLink weight) =>
        tensors.Add(new TensorConstant($"{weight.Name[..^"weight".Length]}mask", weight.Mask(StateType.Bool), "is another than zuko makes of the order of the columns") { IsOptional = true });
}
