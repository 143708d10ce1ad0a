using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>A group commit on disk: the run's state and the files of its ranges.</summary>
/// <param name="Format">Version of this layout; <see cref="CurrentFormat"/>.</param>
/// <param name="SpecHash">Hash of the flow it belongs to.</param>
/// <param name="Epoch">Number of the epoch that wrote it.</param>
/// <param name="State">Where the run was.</param>
/// <param name="Parts">The files, one a range.</param>
internal sealed record Snapshot(int Format, string SpecHash, long Epoch, RunState State, ImmutableArray<SnapshotPart> Parts)
{
    /// <summary>The version that this program writes and reads.</summary>
    internal const int CurrentFormat = 4;

    /// <summary>What else its bits depend on: the device class that the rounds up to here were computed with.</summary>
    [JsonRequired]
    public required string DeviceClass { get; init; }

    /// <summary>The record of the rounds up to here.</summary>
    [JsonRequired]
    public required ImmutableArray<RoundSegment> Rounds { get; init; }

    /// <summary>Reads a manifest; null when another version of the program wrote it.</summary>
    internal static Snapshot? Read(ReadOnlySpan<byte> manifest)
    {
        try
        {
            return Json.Value<Snapshot>(manifest) is { Format: CurrentFormat } snapshot ? snapshot : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
