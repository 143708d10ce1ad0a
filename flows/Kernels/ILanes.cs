namespace FlowGrain.Flows.Kernels;

/// <summary>
/// A register of floats. Kernels are written once over it and compiled for <see cref="Lanes8"/> (AVX2 and FMA) and
/// <see cref="Lanes16"/> (AVX-512); both compute each number by the same operations, so the bits are the same.
/// </summary>
internal unsafe interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Floats in the register.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(float* target, TSelf value);

    /// <summary>The same number in every lane.</summary>
    static abstract TSelf All(float value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>c − a·b, rounded once.</summary>
    static abstract TSelf NegatedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger; a NaN in <paramref name="x"/> stays.</summary>
    static abstract TSelf Max(TSelf bound, TSelf x);

    /// <summary>The smaller; a NaN in <paramref name="x"/> stays.</summary>
    static abstract TSelf Min(TSelf bound, TSelf x);

    static abstract TSelf Abs(TSelf x);

    static abstract TSelf Sqrt(TSelf x);

    /// <summary>The nearest whole number, ties to even.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>2ⁿ for whole n from −126 to 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf n);

    /// <summary>Splits a positive normal number into a mantissa in [½, 1) and its exponent.</summary>
    static abstract (TSelf Mantissa, TSelf Exponent) Split(TSelf x);

    /// <summary>All bits where a ≥ b, else none.</summary>
    static abstract TSelf AtLeast(TSelf a, TSelf b);

    /// <summary>All bits where a ≤ b, else none.</summary>
    static abstract TSelf AtMost(TSelf a, TSelf b);

    /// <summary><paramref name="yes"/> where the mask has its bits, else <paramref name="no"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf yes, TSelf no);
}
