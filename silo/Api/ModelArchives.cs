using FlowGrain.Cluster;
using FlowGrain.Serving;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Archives of models on their way in and out: files below Storage:Root that any silo can read, gone when their request ends.</summary>
/// <remarks>Each has a folder as an unfinished upload has, which is swept if its silo dies.</remarks>
internal sealed class ModelArchives(IOptions<StorageOptions> storage, ModelStore store)
{
    private const int Buffer = 1 << 20;

    /// <summary>A version as one archive, to be read to its end.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    internal (Stream Archive, string FileName) Pack(string model, string? version)
    {
        var number = store.Resolve(model, version);
        var path = NewFile();
        try
        {
            store.Export(model, number, path);
        }
        catch
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
            throw;
        }

        var archive = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer, FileOptions.DeleteOnClose);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true); // its name; the open file stays until it is closed
        return (archive, $"{model}-{number}.zip");
    }

    /// <summary>Keeps an archive that comes for as long as it is used.</summary>
    internal async Task<T> Keep<T>(Stream body, Func<string, Task<T>> use, CancellationToken cancellation)
    {
        var path = NewFile();
        try
        {
            await Save(body, path, cancellation);
            return await use(path);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static async Task Save(Stream body, string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            await body.CopyToAsync(file, Buffer, cancellation);
        }
        catch (Exception error) when (DiskSpace.IsFull(error))
        {
            throw new DiskFullException(Path.GetDirectoryName(path)!);
        }
    }

    private string NewFile()
    {
        var folder = Path.Combine(storage.Value.Uploads, $".{Guid.NewGuid():N}");
        Durable.CreateFolder(folder);
        return Path.Combine(folder, "the body"); // as it is called where it is no archive
    }
}
