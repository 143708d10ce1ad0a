using System.Buffers.Binary;

namespace FlowGrain.Flows.Native;

/// <summary>The symbol versions that an ELF library demands of other libraries (section .gnu.version_r).</summary>
internal static class SymbolVersions
{
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2;                // VER_FLG_WEAK: the loader does not refuse the library when the version is missing

    /// <summary>Makes the demand for one version weak.</summary>
    /// <returns>False, and nothing is written, when the library does not demand that version.</returns>
    /// <exception cref="InvalidDataException">The bytes are no ELF library, or a damaged one.</exception>
    internal static bool MakeWeak(Span<byte> library, string version)
    {
        if (FlagsOf(new Elf64(library), version) is not { } at) return false;

        var flags = library.Slice((int)at, sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
        return true;
    }

    // Elf64_Verneed, one for each library: u16 version, u16 count, u32 file, u32 aux, u32 next.
    private static ulong? FlagsOf(Elf64 elf, string version)
    {
        if (elf.Find(VersionNeeds) is not { } needs) return null;

        var names = elf.Section(needs.Link).Offset;
        var at = needs.Offset;
        for (var entry = 0u; entry < needs.Entries; entry++)
        {
            if (FlagsOf(elf, at, names, version) is { } found) return found;
            at += elf.U32(at + 12);
        }

        return null;
    }

    // Elf64_Vernaux, one for each version: u32 hash, u16 flags, u16 other, u32 name, u32 next.
    private static ulong? FlagsOf(Elf64 elf, ulong library, ulong names, string version)
    {
        var at = library + elf.U32(library + 8);
        for (var entry = 0; entry < elf.U16(library + 2); entry++)
        {
            if (elf.Name(names + elf.U32(at + 8)) == version) return at + 4;
            at += elf.U32(at + 12);
        }

        return null;
    }
}
