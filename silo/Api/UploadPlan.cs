using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using FlowGrain.Api;

namespace FlowGrain.Silo.Api;

/// <summary>Files as their client announced them, checked: plain names, and as many blocks as their sizes take.</summary>
internal sealed class UploadPlan
{
    private const int LongestName = 200; // bytes would be 255, and some are left for what programs append

    private UploadPlan(UploadOrder order) => (Order, Id, Blocks) = (order, IdOf(order), [.. BlocksOf(order)]);

    internal UploadOrder Order { get; }

    /// <summary>Names the upload: SHA-256 over the names, sizes and blocks of its files.</summary>
    internal string Id { get; }

    /// <summary>The blocks of all files, one after another.</summary>
    internal ImmutableArray<UploadBlock> Blocks { get; }

    /// <exception cref="BadInputException">A name leads elsewhere, or sizes and blocks do not go together.</exception>
    internal static UploadPlan Of(UploadOrder order)
    {
        if (order.Files.IsDefaultOrEmpty) throw new BadInputException("An upload without files has nothing to read; name one.");
        RequirePlain(order.Path);
        foreach (var file in order.Files) Require(file);
        var names = order.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        if (names.Count < order.Files.Length || names.SelectMany(FoldersOf).Any(names.Contains)) throw new BadInputException("Two files of an upload have one name; give each its own.");
        return new(order);
    }

    /// <summary>Returns the id when it may be one.</summary>
    internal static string RequireHash(string sha256) => sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
        ? sha256
        : throw new BadInputException($"'{sha256}' is not a SHA-256; give 64 hexadecimal digits in lower case.");

    private static void Require(UploadFile file)
    {
        RequirePlain(file.Path);
        var blocks = file.Blocks.IsDefault ? [] : file.Blocks;
        if (file.Bytes < 0 || blocks.Length != (file.Bytes + UploadFile.BlockBytes - 1) / UploadFile.BlockBytes)
            throw new BadInputException($"'{file.Path}' of {file.Bytes} bytes has {blocks.Length} blocks; give the SHA-256 of every {UploadFile.BlockBytes} bytes of it, and of the rest.");
        foreach (var block in blocks) RequireHash(block);
    }

    private static void RequirePlain(string path)
    {
        if (path is not { Length: > 0 } || !path.Split('/').All(IsPlain))
            throw new BadInputException($"'{path}' cannot name a file of an upload; take plain names of at most {LongestName} characters with / between them.");
    }

    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= LongestName && name == Path.GetFileName(name) && !name.StartsWith('.') && !name.Contains('\\') && !name.Any(char.IsControl);

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) yield return path[..slash];
    }

    private static string IdOf(UploadOrder order)
    {
        var lines = order.Files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Path}\n{file.Bytes}\n{string.Concat(file.Blocks.IsDefault ? [] : file.Blocks)}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private static IEnumerable<UploadBlock> BlocksOf(UploadOrder order)
    {
        var index = 0;
        foreach (var file in order.Files)
        {
            for (long offset = 0; offset < file.Bytes; offset += UploadFile.BlockBytes)
                yield return new(file.Path, offset, (int)Math.Min(UploadFile.BlockBytes, file.Bytes - offset), file.Blocks[(int)(offset / UploadFile.BlockBytes)], index++);
        }
    }
}

/// <summary>A block of a file.</summary>
/// <param name="File">The file's path below the upload.</param>
/// <param name="Offset">Where in it.</param>
/// <param name="Bytes">How long.</param>
/// <param name="Sha256">Its hash.</param>
/// <param name="Index">Its number among the blocks of all files.</param>
internal readonly record struct UploadBlock(string File, long Offset, int Bytes, string Sha256, int Index);
