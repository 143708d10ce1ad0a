using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>What the numbers of a net make of a spline: the sizes of its bins and the slopes at its inner knots. A library is one of these.</summary>
internal abstract class SplineKnots
{
    /// <summary>Sizes of the bins, as shares of the interval, from <c>[B, T, K]</c> logits.</summary>
    internal abstract Tensor Shares(Tensor logits);

    /// <summary>Slopes at the inner knots, from <c>[B, T, K−1]</c> numbers.</summary>
    internal abstract Tensor Slopes(Tensor numbers);

    internal static SplineKnots Of(RationalQuadraticSpec spec) => spec.Parametrisation switch
    {
        Parametrisation.Nflows => new NflowsKnots(spec),
        Parametrisation.Zuko => new ZukoKnots(),
        _ => new OwnKnots(spec),
    };
}

/// <summary>Ours: shares <c>MinBin + (1 − K·MinBin) softmax</c>, slopes <c>MinSlope + softplus(u + c)</c> with c such that u = 0 gives 1.</summary>
internal sealed class OwnKnots(RationalQuadraticSpec spec) : SplineKnots
{
    private readonly FlooredShares _shares = new(spec.Bins);
    private readonly Scalar _unit = RationalQuadraticSpec.UnitSlope.ToScalar();
    private readonly Scalar _least = RationalQuadraticSpec.MinSlope.ToScalar();

    internal override Tensor Shares(Tensor logits) => _shares.Of(logits);

    internal override Tensor Slopes(Tensor numbers) => numbers.Plus(_unit).Softplus().Plus(_least);
}

/// <summary>Those of nflows: shares as ours, of logits that its coupling layers divide by the root of the net's width; slopes <c>MinSlope + softplus(u)</c>.</summary>
internal sealed class NflowsKnots(RationalQuadraticSpec spec) : SplineKnots
{
    private readonly FlooredShares _shares = new(spec.Bins);
    private readonly Scalar? _root = spec.LogitUnits is { } units ? Math.Sqrt(units).ToScalar() : null;
    private readonly Scalar _least = RationalQuadraticSpec.MinSlope.ToScalar();

    internal override Tensor Shares(Tensor logits) => _shares.Of(_root is null ? logits : logits.div(_root));

    internal override Tensor Slopes(Tensor numbers) => numbers.Softplus().Plus(_least);
}

/// <summary>Those of zuko: shares a softmax of logits that are bounded softly by half of log 10³, with no least; slopes the exponential of numbers bounded by log 10³.</summary>
internal sealed class ZukoKnots : SplineKnots
{
    private static readonly Scalar Half = (ZukoSlope.LogBound / 2).ToScalar();
    private static readonly Scalar Whole = ZukoSlope.LogBound.ToScalar();

    internal override Tensor Shares(Tensor logits) => softmax(LogScales.SoftClipped(logits, Half), -1);

    internal override Tensor Slopes(Tensor numbers) => LogScales.SoftClipped(numbers, Whole).exp();
}

/// <summary><c>MinBin + (1 − K·MinBin) softmax</c>.</summary>
internal sealed class FlooredShares(int bins)
{
    private readonly Scalar _least = RationalQuadraticSpec.MinBin.ToScalar();
    private readonly Scalar _flexible = (1 - bins * RationalQuadraticSpec.MinBin).ToScalar();

    internal Tensor Of(Tensor logits) => softmax(logits, -1).mul(_flexible).Plus(_least);
}
