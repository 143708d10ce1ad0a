using System.Runtime.InteropServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>Floats outside the managed heap, aligned to a cache line, zero at first.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;

    internal AlignedBuffer(int length)
    {
        Length = length;
        var bytes = (nuint)Math.Max(1, length) * sizeof(float);
        Pointer = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(Pointer, bytes);
    }

    ~AlignedBuffer() => Free();

    internal int Length { get; }

    internal float* Pointer { get; private set; }

    internal Span<float> Span => new(Pointer, Length);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
