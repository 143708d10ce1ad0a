using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>What a path names on a client's machine, for silos that may not see it there.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Name">What is read, below an upload of the files: <c>your.csv</c>, <c>trips</c>, <c>trips/*.csv</c>.</param>
/// <param name="Files">The files that decide what is read; none where the path leads nowhere on this machine.</param>
public sealed record LocalData(string Path, string Name, ImmutableArray<LocalFile> Files);

/// <summary>One of the files of a path.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Name">Its path below an upload, with <c>/</c>; begins with <c>../</c> where it lies elsewhere than what reads it.</param>
public sealed record LocalFile(string Path, string Name);
