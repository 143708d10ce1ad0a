using FlowGrain.Cluster;
using Microsoft.Extensions.Options;

namespace FlowGrain.Data;

/// <summary>Keeps what jobs read and write inside the folders that the operator opened to them.</summary>
internal sealed class DataRoots(IOptions<DataOptions> data, IOptions<StorageOptions> storage, ILocalSiloDetails silo)
{
    private readonly string _storage = RealPath.Of(storage.Value.Root);
    private readonly string _uploads = RealPath.Of(storage.Value.Uploads);
    private readonly string[] _roots = [.. (data.Value.Roots is [_, ..] roots ? roots : [storage.Value.Root]).Select(RealPath.Of)];

    /// <summary>Returns when a job may read the path.</summary>
    /// <exception cref="BadInputException">It lies outside, by its name or through a symlink.</exception>
    internal void Require(string path)
    {
        RequireOne(SourcePath.Anchor(path)); // first: outside of the roots nobody is told what there is
        foreach (var file in SourcePath.Files(path)) RequireOne(file);
    }

    /// <summary>Whether a job may read the path: below a root, or what was uploaded.</summary>
    /// <exception cref="BadInputException">It is empty, or a link that leads nowhere.</exception>
    internal bool MayRead(string path) => IsBelowAny(path, [_uploads, .. _roots]);

    /// <summary>Returns when a job may write the path: where it may read, or below Storage:Root, and where it destroys nothing.</summary>
    /// <exception cref="BadInputException">It lies outside, or would overwrite its input or what the storage keeps, by its name or through a symlink.</exception>
    internal void RequireOutput(string path, string input)
    {
        if (!IsBelowAny(path, [_storage, .. _roots]))
            throw new BadInputException($"'{Path.GetFileName(path)}' lies outside the folders that jobs may write; name a file below Storage:Root or one of Data:Roots.");
        OutputPlace.Require(path, storage.Value, input);
    }

    /// <summary>Returns when a job may read a file, which need hold no table.</summary>
    /// <exception cref="BadInputException">It lies outside, by its name or through a symlink.</exception>
    internal void RequireOne(string path)
    {
        if (!MayRead(path))
            throw new BadInputException($"'{SourcePath.Name(path)}' lies outside the folders that jobs may read on silo {silo.SiloAddress.Endpoint}; put it below one of its Data:Roots, which all silos should have alike, or upload it.");
    }

    private static bool IsBelowAny(string path, string[] roots)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0')) throw new BadInputException("The path of a file is empty; name a file.");
        var real = RealPath.Of(path);
        return roots.Any(root => RealPath.IsBelow(real, root));
    }
}
