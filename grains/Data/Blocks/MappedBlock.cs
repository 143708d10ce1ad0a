using System.IO.Hashing;
using System.IO.MemoryMappedFiles;

namespace FlowGrain.Data;

/// <summary>One block file, mapped into memory read-only: the pages belong to the system's cache, not to this process.</summary>
internal sealed unsafe class MappedBlock : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _floats;
    private byte* _start;

    /// <summary>Maps the first <paramref name="floats"/> numbers of a file.</summary>
    internal MappedBlock(string path, int floats)
    {
        _floats = floats;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, (long)floats * sizeof(float), MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>The stored numbers, row-major.</summary>
    internal ReadOnlySpan<float> Floats
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return new(_start, _floats);
        }
    }

    /// <summary>XxHash3 of the bytes, as the manifest writes it.</summary>
    internal string ComputeHash() =>
        Convert.ToHexStringLower(XxHash3.Hash(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Floats)));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_start is null) return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
