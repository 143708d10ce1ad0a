using System.Collections.Immutable;

namespace FlowGrain.Flows.Conditioners;

/// <summary>
/// Who sees whom in a masked net: a hidden unit of degree g sees the context and the first g columns, and the map of
/// column f (from 0) is made from the units of degree at most f, so from the columns before it.
/// </summary>
/// <remarks>
/// <para>The degrees go up to D − 1, from 0 with a context, so that the map of the first column sees it, and from 1 without.
/// They are spread evenly, the first ones a unit more, sorted, and the same in every hidden layer. The inputs are the
/// context, then the columns but the last, which nothing sees. So every row of every matrix sees a prefix of its inputs:</para>
/// <code>
/// inputs → hidden   unit of degree g      k &lt; C + g, of angles C + 2g
/// hidden → hidden   unit of degree g      k &lt; End(g)
/// hidden → outputs  all of column f       k &lt; End(f)
/// </code>
/// <para>A residual sum joins equal units, so it keeps the degrees.</para>
/// <para>Source: Germain et al. 2015, "MADE", https://arxiv.org/abs/1502.03509.</para>
/// </remarks>
/// <param name="Shape">D and C of the flow.</param>
/// <param name="Hidden">Units of every hidden layer, at least <see cref="LeastHidden"/>.</param>
/// <param name="Features">Inputs of the net, side by side, for each column and context column.</param>
internal readonly record struct MaskedDegrees(FlowShape Shape, int Hidden, int Features = 1)
{
    /// <summary>One unit of each degree: with fewer, a column would not see all before it.</summary>
    internal static int LeastHidden(FlowShape shape) => shape.Dimension - Lowest(shape);

    /// <summary>The first unit of degree g, 0 to D − 1; units of one degree lie side by side.</summary>
    internal int Start(int degree) => degree == 0 ? 0 : End(degree - 1);

    /// <summary>One past the last unit of degree g, 0 to D − 1. End(0) is 0 without a context.</summary>
    internal int End(int degree)
    {
        var (groups, upTo) = (LeastHidden(Shape), degree - Lowest(Shape) + 1);
        return upTo == 0 ? 0 : Hidden / groups * upTo + Math.Min(upTo, Hidden % groups);
    }

    /// <summary>The prefix that each hidden unit sees of the inputs; a net of angles, which are all of its columns then, has two inputs of each.</summary>
    internal ImmutableArray<int> FromInputs()
    {
        var (context, numbers, features) = (Shape.Context, Shape.Circles is null ? 1 : 2, Features);
        return ForEachUnit(degree => (context + degree * numbers) * features);
    }

    /// <summary>The prefix that each hidden unit sees of the hidden layer before.</summary>
    internal ImmutableArray<int> BetweenHidden() => ForEachUnit(End);

    /// <summary>The prefix that each output sees of the last hidden layer; every column has the same number of outputs, side by side.</summary>
    internal ImmutableArray<int> ToOutputs(int outputs)
    {
        var perColumn = outputs / Shape.Dimension;
        return [.. Enumerable.Range(0, Shape.Dimension).Select(End).SelectMany(end => Enumerable.Repeat(end, perColumn))];
    }

    private static int Lowest(FlowShape shape) => shape.Context > 0 ? 0 : 1;

    private ImmutableArray<int> ForEachUnit(Func<int, int> seen)
    {
        var mask = ImmutableArray.CreateBuilder<int>(Hidden);
        for (var degree = Lowest(Shape); degree < Shape.Dimension; degree++) mask.AddRange(Enumerable.Repeat(seen(degree), End(degree) - Start(degree)));
        return mask.MoveToImmutable();
    }
}
