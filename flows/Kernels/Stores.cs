using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>What happens to a finished sum.</summary>
internal unsafe interface IStore<T> where T : struct, ILanes<T>
{
    static abstract void Store(float* target, nint companion, T sum);
}

/// <summary>C = sum.</summary>
internal readonly unsafe struct Assign<T> : IStore<T> where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, nint companion, T sum) => T.Store(target, sum);
}

/// <summary>C = max(0, sum).</summary>
internal readonly unsafe struct Relu<T> : IStore<T> where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, nint companion, T sum) => T.Store(target, T.Max(T.All(0f), sum));
}

/// <summary>C += sum.</summary>
internal readonly unsafe struct Add<T> : IStore<T> where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, nint companion, T sum) => T.Store(target, T.Load(target) + sum);
}

/// <summary>C = sum where the companion is above zero, else 0: the gradient of a ReLU from its output.</summary>
internal readonly unsafe struct WherePositive<T> : IStore<T> where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, nint companion, T sum) =>
        T.Store(target, T.Select(T.AtMost(T.Load(target + companion), T.All(0f)), T.All(0f), sum));
}

/// <summary>C += sum where the companion is above zero: the gradient of a skip connection around a ReLU.</summary>
internal readonly unsafe struct AddWherePositive<T> : IStore<T> where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, nint companion, T sum) =>
        T.Store(target, T.Load(target) + T.Select(T.AtMost(T.Load(target + companion), T.All(0f)), T.All(0f), sum));
}

/// <summary>C = sum and companion = max(0, sum).</summary>
internal readonly unsafe struct AssignAndRelu<T> : IStore<T> where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, nint companion, T sum)
    {
        T.Store(target, sum);
        T.Store(target + companion, T.Max(T.All(0f), sum));
    }
}

/// <summary>C += sum and companion = max(0, C).</summary>
internal readonly unsafe struct AddAndRelu<T> : IStore<T> where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, nint companion, T sum)
    {
        var value = T.Load(target) + sum;
        T.Store(target, value);
        T.Store(target + companion, T.Max(T.All(0f), value));
    }
}

/// <summary>C −= sum.</summary>
internal readonly unsafe struct Subtract<T> : IStore<T> where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, nint companion, T sum) => T.Store(target, T.Load(target) - sum);
}
