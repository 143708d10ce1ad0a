using System.IO.Hashing;
using System.IO.MemoryMappedFiles;

namespace FlowGrain.Data;

/// <summary>One block file, mapped into memory read-only: the pages belong to the system's cache, not to this process.</summary>
/// <remarks>Unmapped when it is disposed, or else when the collector finds it unused: who reads <see cref="Floats"/> keeps it alive meanwhile.</remarks>
internal sealed unsafe class MappedBlock : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _floats;
    private byte* _start;

    /// <summary>Maps the first <paramref name="floats"/> numbers of a file.</summary>
    internal MappedBlock(string path, int floats)
    {
        _floats = floats;
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = file.CreateViewAccessor(0, (long)floats * sizeof(float), MemoryMappedFileAccess.Read);
        // Not by AcquirePointer: what it takes only Dispose gives back, and a forgotten block would stay mapped for ever.
        _start = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
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
    internal string ComputeHash()
    {
        var hash = XxHash3.Hash(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Floats));
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
