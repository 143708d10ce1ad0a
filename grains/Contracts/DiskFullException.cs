namespace FlowGrain;

/// <summary>
/// The disk that holds a folder has no room left for what was being written; nothing unfinished stays there. The same
/// work succeeds once there is space, so callers may tell it from other failures.
/// </summary>
/// <param name="folder">The folder that was written to.</param>
[GenerateSerializer, Alias("flowgrain.DiskFullException")]
public sealed class DiskFullException(string folder)
    : IOException($"The disk that holds '{folder}' is full; free some space and run the same command again.");
