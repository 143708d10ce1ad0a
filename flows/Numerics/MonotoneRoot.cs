using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Numerics;

/// <summary>Solves increasing functions of one number for many at once: Newton's steps, inside a bracket that is halved where they leave it.</summary>
/// <remarks>A number that is found is not touched again, so that its bits do not depend on those beside it.</remarks>
internal static class MonotoneRoot
{
    private const int MostSteps = 200; // halving alone takes as many as a bracket has bits

    /// <summary>Where the function takes the values.</summary>
    /// <param name="function">Value and slope at a tensor of points; increasing in each.</param>
    /// <param name="values">The values that it shall take.</param>
    /// <param name="low">Points at or below those wanted.</param>
    /// <param name="high">Points at or above them.</param>
    internal static Tensor Solve(Func<Tensor, (Tensor Value, Tensor Slope)> function, Tensor values, Tensor low, Tensor high)
    {
        using var scope = NewDisposeScope();
        var precision = (values.dtype == ScalarType.Float64 ? 4e-16 : 2e-7).ToScalar();
        var x = low.Plus(high).mul(Scalars.Half);
        var found = values.isfinite().logical_not(); // they have no bracket
        for (var step = 0; step < MostSteps && !found.all().item<bool>(); step++)
        {
            var (value, slope) = function(x);
            var isBelow = value.lt(values);
            (low, high) = (where(isBelow, x, low), where(isBelow, high, x));
            var newton = x - (value - values) / slope;
            var next = where(newton.ge(low).logical_and(newton.le(high)), newton, low.Plus(high).mul(Scalars.Half));
            var isLast = (next - x).abs().le(x.abs().Plus(Scalars.One).mul(precision));
            var isNone = value.isnan(); // of parameters that are none
            (x, found) = (where(isNone, value, where(found, x, next)), found.logical_or(isLast).logical_or(isNone));
        }

        return where(values.isnan(), values, x).MoveToOuterDisposeScope();
    }

    /// <summary>As above, for a function of which no bracket is known: it is doubled until it holds the point.</summary>
    internal static Tensor Solve(Func<Tensor, (Tensor Value, Tensor Slope)> function, Tensor values)
    {
        const int MostDoublings = 60;

        using var scope = NewDisposeScope();
        var reach = values.abs().Plus(Scalars.One);
        for (var doubling = 0; doubling < MostDoublings; doubling++)
        {
            var isShort = function(reach).Value.lt(values).logical_or(function(-reach).Value.gt(values));
            if (!isShort.any().item<bool>()) break;
            reach = where(isShort, reach.mul(Scalars.Two), reach);
        }

        return Solve(function, values, -reach, reach).MoveToOuterDisposeScope();
    }
}
