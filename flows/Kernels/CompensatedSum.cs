using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>A sum that carries what each addition rounds away: a knot is the sum of up to a hundred bins, and a position is its error over one.</summary>
/// <remarks>Kahan (1965), "Further remarks on reducing truncation errors".</remarks>
internal readonly struct CompensatedSum<T> where T : struct, ILanes<T>
{
    private readonly T _lost;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CompensatedSum(T value) : this(value, T.All(0f)) { }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private CompensatedSum(T value, T lost) => (Value, _lost) = (value, lost);

    internal T Value { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CompensatedSum<T> Plus(T term)
    {
        var whole = term - _lost;
        var sum = Value + whole;
        return new CompensatedSum<T>(sum, sum - Value - whole);
    }
}
