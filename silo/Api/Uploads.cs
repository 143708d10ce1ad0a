using System.Security.Cryptography;
using FlowGrain.Api;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Files that clients uploaded: <c>uploads/SHA-256/NAME</c> below Storage:Root, each whole or not there.</summary>
internal sealed class Uploads(IOptions<StorageOptions> storage, DataRoots roots)
{
    private const int PieceBytes = 1 << 20;
    private const int LongestName = 200; // bytes would be 255, and some are left for .tmp and the like

    /// <summary>A file that jobs may read.</summary>
    /// <exception cref="NotFoundException">It is not there, or lies where they may not read: nobody learns which.</exception>
    internal SeenFile Seen(string path) => roots.MayRead(path) && new FileInfo(path) is { Exists: true } file
        ? new(path, file.Length, file.LastWriteTimeUtc)
        : throw new NotFoundException($"The silos see no file '{path}' below their Data:Roots.");

    /// <summary>What was uploaded.</summary>
    /// <exception cref="NotFoundException">It was not.</exception>
    internal SeenFile Find(string sha256, string name) => new FileInfo(PathOf(sha256, name)) is { Exists: true } file
        ? new(file.FullName, file.Length, file.LastWriteTimeUtc)
        : throw new NotFoundException($"'{name}' with the content {sha256} has not been uploaded.");

    /// <summary>Takes a file; one that is there already is taken as read.</summary>
    /// <exception cref="BadInputException">The content is not what its hash announced.</exception>
    /// <exception cref="DiskFullException">There is no room; nothing was left behind.</exception>
    internal async Task<SeenFile> Take(string sha256, string name, Stream content, CancellationToken cancellation)
    {
        var path = PathOf(sha256, name);
        DiskSpace.Use(storage.Value.Uploads, () => Durable.CreateFolder(Path.GetDirectoryName(path)!));
        using var file = WholeFile.Create(path);
        var found = await Copy(content, file, cancellation);
        if (found != sha256) throw new BadInputException($"The content of '{name}' has the SHA-256 {found} and not {sha256}; it changed while it was uploaded: upload it again.");
        file.Commit();
        return Find(sha256, name);
    }

    /// <summary>Removes what was uploaded, under any name; data sets that were read from it stay.</summary>
    internal void Delete(string sha256)
    {
        var folder = FolderOf(sha256);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> Copy(Stream content, WholeFile file, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        while (await content.ReadAtLeastAsync(piece, PieceBytes, throwOnEndOfStream: false, cancellation) is > 0 and var count)
        {
            hash.AppendData(piece, 0, count);
            file.Append(piece.AsMemory(0, count));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string PathOf(string sha256, string name) => name.Length <= LongestName && name == Path.GetFileName(name) && !name.StartsWith('.') && !name.Any(char.IsControl)
        ? Path.Combine(FolderOf(sha256), name)
        : throw new BadInputException($"'{name}' cannot name a file; take a plain name of at most {LongestName} characters.");

    private string FolderOf(string sha256) => sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
        ? Path.Combine(storage.Value.Uploads, sha256)
        : throw new BadInputException($"'{sha256}' is not a SHA-256; give 64 hexadecimal digits in lower case.");
}
