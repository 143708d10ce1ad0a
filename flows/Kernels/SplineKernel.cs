using System.Runtime.CompilerServices;
using FlowGrain.Flows.ScalarMaps;

namespace FlowGrain.Flows.Kernels;

/// <summary>The monotone rational-quadratic spline of <see cref="RationalQuadratic"/> on one column of 32 rows, with its derivative.</summary>
/// <remarks>
/// <para>
/// In the bin of x, with ξ the position in it, w, h its width and height, s = h/w, δ₀, δ₁ the slopes at its knots,
/// t = ξ(1−ξ), e = δ₁ + δ₀ − 2s, p = sξ² + δ₀t, q = s + et, n = δ₁ξ² + 2st + δ₀(1−ξ)²:
/// <c>z = y₀ + h p/q</c> and <c>L = log dz/dx = 2 log s + log n − 2 log q</c>.
/// </para>
/// <para>
/// Backward. z and L as functions of ξ, s, δ₀, δ₁ (and z of h and y₀ beside them) have the derivatives
/// <c>z_ξ = h s n/q²</c>, <c>z_s = h (ξ²q − p(1−2t))/q²</c>, <c>z_δ₀ = h t(q−p)/q²</c>, <c>z_δ₁ = −h t p/q²</c>, <c>z_h = p/q</c>,
/// <c>L_ξ = n′/n − 2q′/q</c> with <c>n′ = 2δ₁ξ + 2s(1−2ξ) − 2δ₀(1−ξ)</c> and <c>q′ = e(1−2ξ)</c>,
/// <c>L_s = 2/s + 2t/n − 2(1−2t)/q</c>, <c>L_δ₀ = (1−ξ)²/n − 2t/q</c>, <c>L_δ₁ = ξ²/n − 2t/q</c>.
/// With G_a = dz·z_a + dL·L_a: ξ = (x−x₀)/w gives <c>dx = G_ξ/w</c>, <c>dx₀ = −G_ξ/w</c> and −G_ξ ξ/w to dw; s = h/w gives
/// G_s/w to dh and −G_s s/w to dw. x₀ and y₀ are sums of the widths and heights before the bin, so with k the bin
/// <c>dw_j</c> is dx₀ for j &lt; k, dw for j = k, else 0. Widths are 2B(10⁻³ + c·softmax), whose logits get <c>2Bc·π_j (dw_j − Σ_i π_i dw_i)</c>.
/// </para>
/// <para>
/// Each step is a pass of its own over the 32 rows, short enough to stay in registers. Bins are found by comparing with every
/// knot and blending: no search, no gather. Both directions leave the softmax in the place of the logits of widths and heights.
/// One file, longer than others: the passes share the letters above and the layout of what is kept.
/// </para>
/// </remarks>
internal sealed unsafe class SplineKernel<T>(RationalQuadraticSpec spec) : MapKernel<T> where T : struct, ILanes<T>
{
    private const int Column = Tile.BlockRows;
    private const float MinSlope = (float)RationalQuadraticSpec.MinSlope;

    private readonly int _bins = spec.Bins;
    private readonly float _bound = (float)spec.Bound;
    private readonly float _least = (float)(2 * spec.Bound * RationalQuadraticSpec.MinBin); // of a bin
    private readonly float _flexible = (float)(2 * spec.Bound * (1 - spec.Bins * RationalQuadraticSpec.MinBin)); // what the softmax shares out
    private readonly float _unitSlope = (float)RationalQuadraticSpec.UnitSlope;

    internal override int Parameters => 3 * _bins - 1;

    internal override int Kept => Marks.Count;

    internal override void Normalize(float* parameters, float* x, float* z, float* logDet, float* kept)
    {
        var widths = parameters;
        var heights = parameters + _bins * Column;
        Softmax(widths);
        Softmax(heights);
        FindBin(parameters, widths, heights, x, new Axis(kept + Marks.X, kept + Marks.Width), new Axis(kept + Marks.Y, kept + Marks.Height), kept);
        Slopes(kept);
        Evaluate(x, z, logDet, kept);
    }

    internal override void Backward(float* parameters, float* x, float* zGradient, float* weight, float* xGradient, float* kept)
    {
        BackwardInBin(x, zGradient, weight, xGradient, kept);
        BackwardSoftmax(parameters, kept + Marks.Bin, kept + Marks.X, kept + Marks.Width);
        BackwardSoftmax(parameters + _bins * Column, kept + Marks.Bin, kept + Marks.Y, kept + Marks.Height);
        BackwardSlopes(parameters + 2 * _bins * Column, kept);
    }

    internal override void Generate(float* parameters, float* z, float* x, float* logDet, float* kept)
    {
        var widths = parameters;
        var heights = parameters + _bins * Column;
        Softmax(widths);
        Softmax(heights);
        FindBin(parameters, heights, widths, z, new Axis(kept + Marks.Y, kept + Marks.Height), new Axis(kept + Marks.X, kept + Marks.Width), kept);
        Slopes(kept);
        Solve(z, x, logDet, kept);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void BackwardFound(float* parameters, float* x, float* xGradient, float* weight, float* zGradient, float* kept)
    {
        for (var row = 0; row < Column; row += T.Count)
        {
            var bin = new Bin(kept + row);
            var (value, dx) = (T.Load(x + row), T.Load(xGradient + row));
            var point = new Point(bin, bin.Position(value));
            var slope = bin.Mean * bin.Mean * point.N / (point.Q * point.Q);
            var bend = (point.SlopeN(bin) / point.N - T.All(2f) * bin.Bend * point.Tilt / point.Q) / bin.Width;
            T.Store(zGradient + row, T.Select(Inside(value), T.MultiplyAdd(T.Load(weight + row), bend, dx) / slope, dx));
        }
    }

    /// <summary>Replaces K logits by their softmax.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Softmax(float* logits)
    {
        for (var row = 0; row < Column; row += T.Count)
        {
            var end = logits + _bins * Column;
            var most = T.Load(logits + row);
            for (var logit = logits + Column + row; logit < end; logit += Column) most = T.Max(most, T.Load(logit));
            for (var logit = logits + row; logit < end; logit += Column) T.Store(logit, VectorMath.Exp(T.Load(logit) - most));
            var sum = new CompensatedSum<T>(T.All(0f));
            for (var logit = logits + row; logit < end; logit += Column) sum = sum.Plus(T.Load(logit));
            var scale = T.All(1f) / sum.Value;
            for (var logit = logits + row; logit < end; logit += Column) T.Store(logit, T.Load(logit) * scale);
        }
    }

    /// <summary>Finds the bin of each value on one axis: its lower ends and sizes on both, the logits of its slopes, its number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindBin(float* parameters, float* searched, float* other, float* values, Axis found, Axis opposite, float* kept)
    {
        var slopes = parameters + 2 * _bins * Column;
        for (var row = 0; row < Column; row += T.Count)
        {
            var value = T.Max(T.All(-_bound), T.Min(T.All(_bound), T.Load(values + row)));
            var (start, otherStart) = (new CompensatedSum<T>(T.All(-_bound)), new CompensatedSum<T>(T.All(-_bound)));
            var (size, otherSize) = (Size(searched + row), Size(other + row));
            var (lower, width, otherLower, height) = (start.Value, size, otherStart.Value, otherSize);
            var (slope0, slope1, bin) = (T.All(0f), T.Load(slopes + row), T.All(0f)); // a logit of 0 is slope 1: the outer knots'
            for (var k = 1; k < _bins; k++)
            {
                (start, otherStart) = (start.Plus(size), otherStart.Plus(otherSize));
                (size, otherSize) = (Size(searched + k * Column + row), Size(other + k * Column + row));
                var after = T.AtLeast(value, start.Value);
                (lower, width) = (T.Select(after, start.Value, lower), T.Select(after, size, width));
                (otherLower, height) = (T.Select(after, otherStart.Value, otherLower), T.Select(after, otherSize, height));
                slope0 = T.Select(after, T.Load(slopes + (k - 1) * Column + row), slope0);
                slope1 = T.Select(after, k == _bins - 1 ? T.All(0f) : T.Load(slopes + k * Column + row), slope1);
                bin = T.Select(after, T.All(k), bin);
            }

            T.Store(found.Lower + row, lower);
            T.Store(found.Size + row, width);
            T.Store(opposite.Lower + row, otherLower);
            T.Store(opposite.Size + row, height);
            T.Store(kept + Marks.Slope0 + row, slope0);
            T.Store(kept + Marks.Slope1 + row, slope1);
            T.Store(kept + Marks.Bin + row, bin);
        }
    }

    /// <summary>From the logits of a bin's two slopes to the slopes and their derivatives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Slopes(float* kept)
    {
        for (var i = 0; i < 2 * Column; i += T.Count)
        {
            var (value, derivative) = VectorMath.SoftplusWithSlope(T.Load(kept + Marks.Slope0 + i) + T.All(_unitSlope));
            T.Store(kept + Marks.Slope0 + i, value + T.All(MinSlope));
            T.Store(kept + Marks.Derivative0 + i, derivative);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate(float* x, float* z, float* logDet, float* kept)
    {
        for (var row = 0; row < Column; row += T.Count)
        {
            var bin = new Bin(kept + row);
            var value = T.Load(x + row);
            var inside = Inside(value);
            var point = new Point(bin, bin.Position(value));
            T.Store(z + row, T.Select(inside, T.MultiplyAdd(bin.Height, point.P / point.Q, T.Load(kept + Marks.Y + row)), bin.Beyond(value)));
            T.Store(logDet + row, T.Load(logDet + row) + T.Select(inside, point.LogSlope(bin), T.All(0f)));
        }
    }

    /// <summary>ξ from z: the root in [0, 1] of a quadratic, in the form that does not cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Solve(float* z, float* x, float* logDet, float* kept)
    {
        for (var row = 0; row < Column; row += T.Count)
        {
            var bin = new Bin(kept + row);
            var value = T.Load(z + row);
            var inside = Inside(value);
            var offset = T.Max(T.All(-_bound), T.Min(T.All(_bound), value)) - T.Load(kept + Marks.Y + row);
            var bend = bin.Bend * offset;
            var a = T.MultiplyAdd(bin.Height, bin.Mean - bin.Slope0, bend);
            var b = bin.Height * bin.Slope0 - bend;
            var c = bin.Mean * offset;
            var root = T.Sqrt(T.Max(T.All(0f), T.MultiplyAdd(b, b, T.All(4f) * a * c)));
            var rising = T.AtLeast(b, T.All(0f)); // of the two forms of the root, the one that does not cancel
            var position = Clamp(T.Select(rising, c + c, root - b) / T.Select(rising, b + root, a + a));
            T.Store(x + row, T.Select(inside, T.MultiplyAdd(position, bin.Width, T.Load(kept + Marks.X + row)), bin.Beyond(value)));
            T.Store(logDet + row, T.Load(logDet + row) - T.Select(inside, new Point(bin, position).LogSlope(bin), T.All(0f)));
        }
    }

    /// <summary>dx, and in the marks dx₀, dw, dy₀, dh and the derivatives of the two slopes' logits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardInBin(float* x, float* zGradient, float* weight, float* xGradient, float* kept)
    {
        for (var row = 0; row < Column; row += T.Count)
        {
            var bin = new Bin(kept + row);
            var (value, dz) = (T.Load(x + row), T.Load(zGradient + row));
            var inside = Inside(value);
            var dy = T.Select(inside, dz, T.All(0f));
            var dl = T.Select(inside, T.All(0f) - T.Load(weight + row), T.All(0f));
            var (one, two) = (T.All(1f), T.All(2f));
            var position = bin.Position(value);
            var point = new Point(bin, position);
            var (s, t, square, restSquare) = (bin.Mean, point.Product, point.Square, point.RestSquare);
            var (n, tilt) = (point.N, point.Tilt);
            var spare = one - t - t; // 1 − 2t
            var inverseQ = one / point.Q;
            var inverseN = one / n;
            var ratio = point.P * inverseQ;
            var pull = dy * bin.Height * inverseQ; // dz·h/q
            var dq = two * dl * inverseQ; // −L_q·dL

            var gPosition = T.MultiplyAdd(pull * s * n, inverseQ, T.NegatedMultiplyAdd(dq * bin.Bend, tilt, dl * point.SlopeN(bin) * inverseN));
            var gMean = T.MultiplyAdd(pull, T.NegatedMultiplyAdd(ratio, spare, square), T.NegatedMultiplyAdd(dq, spare, two * dl * T.MultiplyAdd(t, inverseN, one / s)));
            var gSlope0 = T.MultiplyAdd(pull * t, one - ratio, T.NegatedMultiplyAdd(dq, t, dl * restSquare * inverseN));
            var gSlope1 = T.NegatedMultiplyAdd(pull * t, ratio, T.NegatedMultiplyAdd(dq, t, dl * square * inverseN));

            var inverseWidth = one / bin.Width;
            var dx = gPosition * inverseWidth;
            T.Store(xGradient + row, T.Select(inside, dx, dz));
            T.Store(kept + Marks.X + row, T.All(0f) - dx);
            T.Store(kept + Marks.Width + row, T.All(0f) - T.MultiplyAdd(dx, position, gMean * s * inverseWidth));
            T.Store(kept + Marks.Y + row, dy);
            T.Store(kept + Marks.Height + row, T.MultiplyAdd(dy, ratio, gMean * inverseWidth));
            T.Store(kept + Marks.Slope0 + row, gSlope0 * T.Load(kept + Marks.Derivative0 + row));
            T.Store(kept + Marks.Slope1 + row, gSlope1 * T.Load(kept + Marks.Derivative1 + row));
        }
    }

    /// <summary>From the derivatives in a bin's lower end and size to those of K logits, in the place of their softmax.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardSoftmax(float* softmax, float* bin, float* lower, float* size)
    {
        for (var row = 0; row < Column; row += T.Count)
        {
            var (k, before, own) = (T.Load(bin + row), T.Load(lower + row), T.Load(size + row));
            var mean = T.All(0f);
            for (var j = 0; j < _bins; j++) mean = T.MultiplyAdd(T.Load(softmax + j * Column + row), SizeGradient(j, k, before, own), mean);
            for (var j = 0; j < _bins; j++)
            {
                var share = T.Load(softmax + j * Column + row) * T.All(_flexible);
                T.Store(softmax + j * Column + row, share * (SizeGradient(j, k, before, own) - mean));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardSlopes(float* slopes, float* kept)
    {
        for (var row = 0; row < Column; row += T.Count)
        {
            var (k, first, second) = (T.Load(kept + Marks.Bin + row), T.Load(kept + Marks.Slope0 + row), T.Load(kept + Marks.Slope1 + row));
            for (var knot = 1; knot < _bins; knot++)
            {
                // The lower knot of its own bin, the upper knot of the bin before, or neither.
                var own = T.Select(T.AtMost(k, T.All(knot)), first, T.All(0f));
                var either = T.Select(T.AtMost(k, T.All(knot - 1)), second, own);
                T.Store(slopes + (knot - 1) * Column + row, T.Select(T.AtLeast(k, T.All(knot - 1)), either, T.All(0f)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Inside(T value) => T.AtMost(T.Abs(value), T.All(_bound));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Size(float* share) => T.MultiplyAdd(T.Load(share), T.All(_flexible), T.All(_least));

    /// <summary>The derivative in the size of bin j when k is the bin of the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SizeGradient(int j, T k, T before, T own) =>
        T.Select(T.AtLeast(k, T.All(j + 1)), before, T.Select(T.AtLeast(k, T.All(j)), own, T.All(0f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Clamp(T position) => T.Max(T.All(0f), T.Min(T.All(1f), position));

    /// <summary>Where the lower ends and the sizes of the found bins go.</summary>
    private readonly struct Axis(float* lower, float* size)
    {
        internal readonly float* Lower = lower;
        internal readonly float* Size = size;
    }

    /// <summary>The bins of some rows.</summary>
    private readonly struct Bin
    {
        private readonly T _lower;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Bin(float* kept)
        {
            (_lower, Width, Height) = (T.Load(kept + Marks.X), T.Load(kept + Marks.Width), T.Load(kept + Marks.Height));
            (Slope0, Slope1) = (T.Load(kept + Marks.Slope0), T.Load(kept + Marks.Slope1));
            Mean = Height / Width;
            Bend = Slope0 + Slope1 - (Mean + Mean);
        }

        internal T Width { get; }

        internal T Height { get; }

        internal T Slope0 { get; }

        internal T Slope1 { get; }

        /// <summary>s.</summary>
        internal T Mean { get; }

        /// <summary>e.</summary>
        internal T Bend { get; }

        /// <summary>ξ; outside of the bound it is of no use, and harmless.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal T Position(T value) => Clamp((value - _lower) / Width);

        /// <summary>The value where the spline is the identity; no number where the spline is none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal T Beyond(T value) => value + (Mean - Mean);
    }

    /// <summary>The terms of z and L at ξ, by their letters above.</summary>
    private readonly struct Point
    {
        private readonly T _position;
        private readonly T _rest;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Point(in Bin bin, T position)
        {
            (_position, _rest) = (position, T.All(1f) - position);
            (Square, Product, RestSquare) = (position * position, position * _rest, _rest * _rest);
            P = T.MultiplyAdd(bin.Mean, Square, bin.Slope0 * Product);
            Q = T.MultiplyAdd(bin.Bend, Product, bin.Mean);
            N = T.MultiplyAdd(bin.Slope1, Square, T.MultiplyAdd(bin.Mean + bin.Mean, Product, bin.Slope0 * RestSquare));
        }

        /// <summary>ξ².</summary>
        internal T Square { get; }

        /// <summary>(1−ξ)².</summary>
        internal T RestSquare { get; }

        /// <summary>t.</summary>
        internal T Product { get; }

        internal T P { get; }

        internal T Q { get; }

        internal T N { get; }

        /// <summary>1 − 2ξ.</summary>
        internal T Tilt => _rest - _position;

        /// <summary>n′.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal T SlopeN(in Bin bin) => T.All(2f) * T.MultiplyAdd(bin.Slope1, _position, T.NegatedMultiplyAdd(bin.Slope0, _rest, bin.Mean * Tilt));

        /// <summary>L.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal T LogSlope(in Bin bin)
        {
            var logQ = VectorMath.Log(Q / bin.Mean);
            return VectorMath.Log(N) - logQ - logQ;
        }
    }

    /// <summary>Offsets of what is kept of a value.</summary>
    private static class Marks
    {
        internal const int X = 0; // lower end of the bin
        internal const int Width = Column;
        internal const int Y = 2 * Column;
        internal const int Height = 3 * Column;
        internal const int Slope0 = 4 * Column;
        internal const int Slope1 = 5 * Column;
        internal const int Derivative0 = 6 * Column; // of the slopes in their logits
        internal const int Derivative1 = 7 * Column;
        internal const int Bin = 8 * Column; // its number
        internal const int Count = 9;
    }
}
