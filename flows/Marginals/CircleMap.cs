using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Marginals;

/// <summary>Lays an angle round a circle, −π to π: <c>y = 2π (t − round t)</c> with t = x / period turns, so that whole turns make no difference.</summary>
/// <remarks>log y′ = log 2π − log period. The column is then one of the flow's <see cref="Circles"/>.</remarks>
/// <param name="Period">A whole turn, units of the data.</param>
/// <param name="From">Where the turn begins that draws lie in, [from, from + period).</param>
public sealed record CircleMap(double Period, double From = 0) : MarginalMap
{
    /// <inheritdoc />
    public override double Normalize(double x, out double logSlope)
    {
        logSlope = LogSlope;
        var turns = x / Period;
        return Math.Tau * (turns - Math.Round(turns));
    }

    /// <inheritdoc />
    public override double Generate(double y) => Within(y / Math.Tau * Period, Period, From);

    /// <summary>The same angle in [from, from + period).</summary>
    public static double Within(double x, double period, double from)
    {
        var within = x - period * Math.Floor((x - from) / period);
        return within < from || within >= from + period ? from : within; // which rounding can lead to
    }

    internal override TensorMap Build() => new Tensors(this);

    internal override IEnumerable<string> Problems()
    {
        if (!(double.IsFinite(Period) && Period > 0 && double.IsFinite(From))) yield return $"circle needs a finite period above zero and a finite start, and has {Period} and {From}.";
    }

    private double LogSlope => PortableMath.Log(Math.Tau) - PortableMath.Log(Period);

    private sealed class Tensors(CircleMap map) : TensorMap
    {
        private readonly Tensor _period = tensor(map.Period, ScalarType.Float64);
        private readonly Tensor _from = tensor(map.From, ScalarType.Float64);
        private readonly Tensor _end = tensor(map.From + map.Period, ScalarType.Float64);
        private readonly Tensor _turn = tensor(Math.Tau, ScalarType.Float64);
        private readonly Tensor _logSlope = tensor(map.LogSlope, ScalarType.Float64);

        internal override Mapped Normalize(Tensor x)
        {
            using var scope = NewDisposeScope();
            var turns = x / _period;
            return new Mapped((turns - turns.round()) * _turn, _logSlope.expand_as(x)).MoveToOuterDisposeScope();
        }

        internal override Mapped Generate(Tensor y)
        {
            using var scope = NewDisposeScope();
            var x = y / _turn * _period;
            var within = x - ((x - _from) / _period).floor() * _period;
            var isOutside = within.lt(_from).logical_or(within.ge(_end));
            return new Mapped(where(isOutside, _from, within), -_logSlope.expand_as(y)).MoveToOuterDisposeScope();
        }
    }
}
