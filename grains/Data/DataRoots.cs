using FlowGrain.Cluster;
using Microsoft.Extensions.Options;

namespace FlowGrain.Data;

/// <summary>Keeps jobs inside the folders that the operator opened to them.</summary>
internal sealed class DataRoots(IOptions<DataOptions> data, IOptions<StorageOptions> storage)
{
    private readonly string[] _roots = [.. (data.Value.Roots is [_, ..] roots ? roots : [storage.Value.Root]).Select(root => RealPath(Path.GetFullPath(root)))];

    /// <summary>Returns when a job may read the path.</summary>
    /// <exception cref="BadInputException">It lies outside, by its name or through a symlink.</exception>
    internal void Require(string path)
    {
        var real = RealPath(Path.GetFullPath(path));
        if (!_roots.Any(root => IsBelow(real, root)))
            throw new BadInputException($"'{Path.GetFileName(path)}' lies outside the folders that jobs may read; put it below one of Data:Roots, or upload it.");
    }

    private static bool IsBelow(string path, string root) =>
        path == root || path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path with every symlink on its way resolved; parts that do not exist stay as they are.</summary>
    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null) return path;
        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        var link = new FileInfo(here).ResolveLinkTarget(returnFinalTarget: true);
        return link is null ? here : RealPath(link.FullName);
    }
}
