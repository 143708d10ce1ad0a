using System.Numerics;
using System.Runtime.InteropServices;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Optimization;

/// <summary>
/// AdamW and the weight average in one pass over the flat buffer:
/// <c>m ← β₁m + (1−β₁)g</c>, <c>v ← β₂v + (1−β₂)g²</c>, <c>θ ← θ − η (m̂/(√v̂ + ε) + λθ)</c>, <c>a ← a + (1−d)(θ − a)</c>.
/// </summary>
/// <remarks>
/// Every number is computed by itself, in the same operations whatever the vector width, so any split of the buffer gives
/// the same bits. Source: Kingma and Ba 2015, https://arxiv.org/abs/1412.6980; Loshchilov and Hutter 2019,
/// https://arxiv.org/abs/1711.05101. With λ = 0 it is Adam.
/// </remarks>
public sealed class AdamW(AdamWOptions options)
{
    /// <summary>Makes step number <paramref name="step"/> (from 1) on a slice of the buffer.</summary>
    /// <typeparam name="T">float in training, double where the mathematics is tested.</typeparam>
    /// <param name="state">The slice: parameters, moments and average, all of the gradient's length.</param>
    /// <param name="gradient">Gradient sums of the slice; read only.</param>
    /// <param name="gradientScale">Multiplies the gradient: one over the rows, times the clipping.</param>
    /// <param name="learningRate">η of this step.</param>
    /// <param name="averageDecay">d of this step.</param>
    /// <param name="step">Step number, for the bias correction.</param>
    public void Step<T>(in OptimizerState<T> state, ReadOnlySpan<T> gradient, T gradientScale, T learningRate, T averageDecay, long step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pass = new Pass<T>(options, gradientScale, learningRate, averageDecay, step);
        var vectors = gradient.Length / Vector<T>.Count;
        var p = Vectors(state.Parameters);
        var m = Vectors(state.First);
        var v = Vectors(state.Second);
        var a = Vectors(state.Average);
        var g = MemoryMarshal.Cast<T, Vector<T>>(gradient);
        for (var i = 0; i < vectors; i++) pass.Apply(g[i], ref p[i], ref m[i], ref v[i], ref a[i]);
        for (var i = vectors * Vector<T>.Count; i < gradient.Length; i++)
        {
            pass.Apply(gradient[i], ref state.Parameters[i], ref state.First[i], ref state.Second[i], ref state.Average[i]);
        }
    }

    private static Span<Vector<T>> Vectors<T>(Span<T> values) where T : unmanaged => MemoryMarshal.Cast<T, Vector<T>>(values);

    /// <summary>The constants of one step.</summary>
    private readonly struct Pass<T>(AdamWOptions options, T gradientScale, T learningRate, T averageDecay, long step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _beta1 = T.CreateTruncating(options.Beta1);
        private readonly T _beta2 = T.CreateTruncating(options.Beta2);
        private readonly T _keep = T.One - learningRate * T.CreateTruncating(options.WeightDecay);
        private readonly T _rate = T.CreateTruncating(double.CreateTruncating(learningRate) / (1 - PortableMath.Power(options.Beta1, step)));
        private readonly T _correction = T.CreateTruncating(1 / Math.Sqrt(1 - PortableMath.Power(options.Beta2, step)));
        private readonly T _epsilon = T.CreateTruncating(options.Epsilon);

        internal void Apply(Vector<T> gradient, ref Vector<T> p, ref Vector<T> m, ref Vector<T> v, ref Vector<T> a)
        {
            var g = gradient * gradientScale;
            m = m * _beta1 + g * (T.One - _beta1);
            v = v * _beta2 + g * g * (T.One - _beta2);
            p = p * _keep - m * _rate / (Vector.SquareRoot(v) * _correction + new Vector<T>(_epsilon));
            a += (p - a) * (T.One - averageDecay);
        }

        internal void Apply(T gradient, ref T p, ref T m, ref T v, ref T a)
        {
            var g = gradient * gradientScale;
            m = m * _beta1 + g * (T.One - _beta1);
            v = v * _beta2 + g * g * (T.One - _beta2);
            p = p * _keep - m * _rate / (T.Sqrt(v) * _correction + _epsilon);
            a += (p - a) * (T.One - averageDecay);
        }
    }
}

/// <summary>Constants of <see cref="AdamW"/>.</summary>
public sealed record AdamWOptions
{
    /// <summary>β₁. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ. Default 0, which is Adam.</summary>
    public double WeightDecay { get; init; }
}

/// <summary>A slice of the parameters with all that the optimizer keeps for it; equal lengths.</summary>
/// <typeparam name="T">float in training, double where the mathematics is tested.</typeparam>
/// <param name="parameters">θ.</param>
/// <param name="first">m.</param>
/// <param name="second">v.</param>
/// <param name="average">a, the exponential moving average of θ.</param>
public readonly ref struct OptimizerState<T>(Span<T> parameters, Span<T> first, Span<T> second, Span<T> average)
    where T : unmanaged
{
    /// <summary>θ.</summary>
    public readonly Span<T> Parameters = parameters;

    /// <summary>m, the mean of the gradient.</summary>
    public readonly Span<T> First = first;

    /// <summary>v, the mean of its square.</summary>
    public readonly Span<T> Second = second;

    /// <summary>a, the exponential moving average of θ.</summary>
    public readonly Span<T> Average = average;
}
