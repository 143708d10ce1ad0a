using System.Collections.Immutable;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Conditioners;

/// <summary>Shows columns to a net: a number as it is, an angle as its sine and cosine, side by side in the place of the column.</summary>
/// <param name="columns">Positions of the columns in the flow.</param>
/// <param name="shape">The flow.</param>
internal sealed class NetColumns(ImmutableArray<int> columns, FlowShape shape)
{
    private readonly Tensor? _angles = columns.Intersect(shape.Angles).Any() ? Index(Where(columns, shape).Select(angle => (long)angle)) : null;
    private readonly Tensor? _order = columns.Intersect(shape.Angles).Any() ? Index(Order(columns.Length, Where(columns, shape))) : null;

    /// <summary>How many inputs they are.</summary>
    internal int Inputs { get; } = shape.InputsOf(columns);

    /// <summary>The inputs of the net <c>[B, n + angles]</c>.</summary>
    /// <param name="values">The columns, <c>[B, n]</c>.</param>
    internal Tensor Of(Tensor values)
    {
        if (_angles is null) return values;
        var turned = values.index_select(1, _angles);
        return cat([values, turned.sin(), turned.cos()], 1).index_select(1, _order!);
    }

    private static ImmutableArray<int> Where(ImmutableArray<int> columns, FlowShape shape) =>
        [.. columns.Index().Where(at => shape.Angles.Contains(at.Item)).Select(at => at.Index)];

    /// <summary>Where each input stands in columns, sines and cosines.</summary>
    private static IEnumerable<long> Order(int columns, ImmutableArray<int> angles)
    {
        for (var column = 0; column < columns; column++)
        {
            if (angles.IndexOf(column) is not (>= 0 and var angle)) yield return column;
            else foreach (var wave in (int[])[columns + angle, columns + angles.Length + angle]) yield return wave;
        }
    }

    private static Tensor Index(IEnumerable<long> positions) => tensor(positions.ToArray());
}
