using System.Runtime.InteropServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>Owns floats outside the managed heap, aligned to a cache line, zero at first.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;

    private readonly int _length;
    private float* _pointer;

    internal AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _length = length;
        var bytes = (nuint)Math.Max(1, length) * sizeof(float);
        _pointer = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_pointer, bytes);
    }

    ~AlignedBuffer() => Free();

    internal Floats Floats
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return new Floats(_pointer, _length);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
