using System.Buffers.Binary;
using System.Text;

namespace FlowGrain.Flows.Native;

/// <summary>Reads a little-endian 64-bit ELF file. A read outside the file throws a sentence.</summary>
internal readonly ref struct Elf64
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <exception cref="InvalidDataException">The bytes are no such file.</exception>
    internal Elf64(ReadOnlySpan<byte> bytes)
    {
        // "\x7fELF", class 2 (64 bits), data 1 (little-endian).
        if (!bytes.StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("The file is not a 64-bit little-endian ELF library: its first six bytes differ.");
        _bytes = bytes;
    }

    /// <summary>The first section of this type, or null when there is none.</summary>
    internal ElfSection? Find(uint type)
    {
        for (var index = 0u; index < U16(0x3C); index++)
            if (Section(index) is var section && section.Type == type)
                return section;
        return null;
    }

    /// <summary>The section at this place of the section table.</summary>
    internal ElfSection Section(uint index)
    {
        var at = U64(0x28) + ((ulong)index * U16(0x3A));
        return new ElfSection(Type: U32(at + 0x04), Offset: U64(at + 0x18), Link: U32(at + 0x28), Entries: U32(at + 0x2C));
    }

    internal ushort U16(ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(At(at, sizeof(ushort)));

    internal uint U32(ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(At(at, sizeof(uint)));

    /// <summary>The zero-terminated name at this byte.</summary>
    internal string Name(ulong at)
    {
        var length = 0ul;
        while (At(at + length, 1)[0] != 0) length++;
        return Encoding.ASCII.GetString(At(at, (int)length));
    }

    private ulong U64(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(At(at, sizeof(ulong)));

    private ReadOnlySpan<byte> At(ulong at, int count) =>
        at <= (ulong)_bytes.Length && (ulong)_bytes.Length - at >= (ulong)count
            ? _bytes.Slice((int)at, count)
            : throw new InvalidDataException($"The ELF library is damaged: it points at byte {at} but ends at byte {_bytes.Length}.");
}

/// <summary>The part of a section header that symbol versions need.</summary>
/// <param name="Type">What the section holds.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Link">The section with its names.</param>
/// <param name="Entries">How many entries it holds.</param>
internal readonly record struct ElfSection(uint Type, ulong Offset, uint Link, uint Entries);
