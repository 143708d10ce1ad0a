using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>What splines on [−B, B] have in common: the sizes of their bins <c>[B, T, K]</c>, and in which bin a value lies.</summary>
/// <param name="bins">Bins K.</param>
/// <param name="bound">B.</param>
internal sealed class SplineBins(int bins, double bound)
{
    private readonly FlooredShares _shares = new(bins);
    private readonly Scalar _width = (2 * bound / bins).ToScalar();
    private readonly Scalar _high = bound.ToScalar();
    private readonly Scalar _low = (-bound).ToScalar();

    /// <summary>2B.</summary>
    internal Scalar Interval { get; } = (2 * bound).ToScalar();

    /// <summary>What is wrong with such a spline, a sentence each.</summary>
    internal static IEnumerable<string> Problems(string type, int bins, double bound)
    {
        if (bins < 2 || bins * RationalQuadraticSpec.MinBin >= 1) yield return $"{type} has {bins} bins; 2 to {1 / RationalQuadraticSpec.MinBin - 1:0} are possible.";
        if (!(bound > 0) || !double.IsFinite(bound)) yield return $"{type} has bound {bound}; it must be finite and above zero.";
    }

    /// <summary>Sizes that fill the interval, from their logits; each is more than a thousandth of it.</summary>
    internal Tensor Sizes(Tensor logits) => _shares.Of(logits).mul(Interval);

    /// <summary>Bins of one size.</summary>
    internal (Tensor Lower, Tensor Size) Equal(Tensor like)
    {
        var size = full_like(like.narrow(-1, 0, bins), _width);
        return (Below(size), size);
    }

    /// <summary>The lower end of each bin.</summary>
    internal Tensor Below(Tensor sizes) => (sizes.cumsum(-1) - sizes).Plus(_low);

    /// <summary>Where the spline acts.</summary>
    internal Tensor Inside(Tensor values) => values.abs().le(_high);

    /// <summary>Values that are harmless where the spline does not act: autograd multiplies the gradient of the side that was not taken by 0, and 0·∞ is NaN.</summary>
    internal Tensor Clamp(Tensor values) => values.clamp(_low, _high);

    /// <summary>The bin <c>[B, T, 1]</c> of each value, whose lower end is the last one not above it.</summary>
    internal static Tensor Index(Tensor values, Tensor lower) => (values.unsqueeze(-1) >= lower.narrow(-1, 1, lower.shape[^1] - 1)).sum(-1, keepdim: true);

    /// <summary>What a value's bin has of <c>[B, T, K]</c>: <c>[B, T]</c>.</summary>
    internal static Tensor At(Tensor perBin, Tensor index) => perBin.gather(-1, index).squeeze(-1);

    /// <summary>Where in its bin a value lies, 0 to 1.</summary>
    internal static Tensor Position(Tensor values, (Tensor Lower, Tensor Size) bins, Tensor index) =>
        ((values - At(bins.Lower, index)) / At(bins.Size, index)).clamp(Scalars.Zero, Scalars.One);
}
