using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace FlowGrain.Data;

/// <summary>One block file, mapped into memory read-only: the pages belong to the system's cache, not to this process.</summary>
/// <remarks>Unmapped when it is disposed, or else when the collector finds it unused: who reads it keeps it alive meanwhile.</remarks>
internal sealed unsafe class MappedBlock : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _floats;
    private readonly int _rows;
    private readonly bool _isWeighted;
    private byte* _start;

    /// <summary>Maps a file of so many rows.</summary>
    internal MappedBlock(string path, int rows, int width, bool isWeighted)
    {
        (_rows, _floats, _isWeighted) = (rows, checked(rows * width), isWeighted);
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = file.CreateViewAccessor(0, SizeOf(rows, width, isWeighted), MemoryMappedFileAccess.Read);
        // Not by AcquirePointer: what it takes only Dispose gives back, and a forgotten block would stay mapped for ever.
        _start = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    /// <summary>The stored numbers, row-major.</summary>
    internal ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(Bytes)[.._floats];

    /// <summary>The <see cref="RowKey"/> of every row.</summary>
    internal ReadOnlySpan<uint> Keys => MemoryMarshal.Cast<byte, uint>(Bytes).Slice(_floats, _rows);

    /// <summary>The weight of every row, in units of their mean; empty where each counts once.</summary>
    internal ReadOnlySpan<float> Weights => MemoryMarshal.Cast<byte, float>(Bytes)[(_floats + _rows)..];

    private ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return new(_start, checked((_floats * sizeof(float)) + (_rows * (sizeof(uint) + (_isWeighted ? sizeof(float) : 0)))));
        }
    }

    /// <summary>Bytes of a block of so many rows.</summary>
    internal static long SizeOf(int rows, int width, bool isWeighted) => (long)rows * ((width * sizeof(float)) + sizeof(uint) + (isWeighted ? sizeof(float) : 0));

    /// <summary>XxHash3 of the bytes, as the manifest writes it.</summary>
    internal string ComputeHash()
    {
        var hash = XxHash3.Hash(Bytes);
        GC.KeepAlive(this);
        return Convert.ToHexStringLower(hash);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _start = null;
        _view.Dispose();
    }
}
