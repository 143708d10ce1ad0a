using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace FlowGrain.Data;

/// <summary>The files that a data set comes from, as they looked when they were hashed.</summary>
/// <param name="Files">One or more, in the order in which they are read.</param>
internal sealed record SourceFiles(ImmutableArray<SourceRecord> Files)
{
    /// <summary>Their sizes together.</summary>
    internal long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>SHA-256 of the one file, or of the hashes of several.</summary>
    internal string Sha256 => Files is [var file] ? file.Sha256 : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', Files.Select(file => file.Sha256)))));

    /// <summary>The first that has changed since, or null.</summary>
    internal SourceRecord? Changed() => Files.FirstOrDefault(file => !file.Describes(new FileInfo(file.Path)));

    /// <summary>The paths that decide what a selection holds.</summary>
    internal static ImmutableArray<string> Paths(DataSelection selection) => selection.Validation is { } validation ? [.. Paths(selection.Path), .. Paths(validation)] : Paths(selection.Path);

    /// <summary>The paths that decide what a path holds: its files; of a query, also those that it reads.</summary>
    internal static ImmutableArray<string> Paths(string path) => [.. SourcePath.Files(path).SelectMany(file => TableFormat.IsQuery(file) ? new QueryFile(file).Sources().Prepend(file) : [file])];
}
