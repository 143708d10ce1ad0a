using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Conditioners;

/// <summary>The parameters of a whole-vector map: the same for every row, or where there is a context, moved by a net of it that begins at zero.</summary>
/// <param name="Net">The net; null without a context.</param>
internal readonly record struct GivenSpec(ConditionerSpec? Net)
{
    internal void Declare(ParameterScope scope, FlowShape shape, params ReadOnlySpan<(string Name, Initializer Initial, int Count)> own)
    {
        var outputs = 0;
        foreach (var (name, initial, count) in own)
        {
            scope.Add(name, initial, count);
            outputs += count;
        }

        Net?.Declare(scope.In("net"), new NetShape(shape.Context, outputs));
    }

    internal GivenParameters Build(ViewScope views, params ReadOnlySpan<string> own)
    {
        var tensors = new Tensor[own.Length];
        for (var i = 0; i < own.Length; i++) tensors[i] = views[own[i]];
        return new GivenParameters(tensors, Net?.Build(views.In("net")));
    }

    internal IEnumerable<string> Problems(FlowShape shape, string type)
    {
        if (Net is null && shape.Context > 0) yield return $"{type} has no net for its {shape.Context} context columns; give one.";
        if (Net is not null && shape.Context == 0) yield return $"{type} has a net and no context columns; leave it out.";
        foreach (var problem in shape.Context > 0 && Net is not null ? Net.Problems(new NetShape(shape.Context, 1)) : []) yield return problem;
    }
}

/// <summary>What <see cref="GivenSpec"/> builds.</summary>
internal sealed class GivenParameters(Tensor[] own, Conditioner? net)
{
    /// <summary>One tensor <c>[B or 1, count]</c> for each name.</summary>
    internal Tensor[] For(Tensor rows, Tensor? context)
    {
        if (net is null) return [.. own.Select(tensor => tensor.unsqueeze(0))];
        var moved = net.Parameters(rows.shape[0], null, context);
        var (result, first) = (new Tensor[own.Length], 0L);
        for (var i = 0; i < own.Length; i++)
        {
            result[i] = own[i].unsqueeze(0).Plus(moved.narrow(1, first, own[i].shape[0]));
            first += own[i].shape[0];
        }

        return result;
    }
}
