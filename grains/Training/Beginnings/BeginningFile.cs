using System.Text;
using System.Text.Json;
using FlowGrain.Flows;
using FlowGrain.Serving;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>What a version of a run begins with, kept in its folder: <c>beginning.bin</c>, a snapshot of no rounds, and <c>beginning.json</c>, which vouches for it.</summary>
/// <remarks>The second is written last, so that the two are there whole or not at all.</remarks>
internal static class BeginningFile
{
    private const string Weights = "beginning.bin";
    private const string Manifest = "beginning.json";

    /// <summary>The file of the weights in the folder of a version.</summary>
    internal static string WeightsIn(string folder) => Path.Combine(folder, Weights);

    /// <summary>Writes both, in place of what an attempt before left.</summary>
    /// <exception cref="DiskFullException">There is no room for them; nothing was left behind.</exception>
    internal static void Write(string folder, Beginning beginning) => DiskSpace.Use(Path.GetDirectoryName(folder)!, () =>
    {
        Durable.CreateFolder(folder);
        Remove(folder);
        try
        {
            var part = SnapshotFile.Write(WeightsIn(folder), RangeSnapshot.Beginning(beginning.Weights));
            Durable.WriteFile(Path.Combine(folder, Manifest), JsonSerializer.SerializeToUtf8Bytes(new Content(beginning.Origin, Encoding.UTF8.GetString(FlowSpecJson.Write(beginning.Flow)), part), Json.Compact));
            Durable.SyncFolder(folder);
        }
        catch
        {
            Remove(folder);
            throw;
        }
    });

    /// <summary>Reads both and verifies them; null where they are not there, or damaged.</summary>
    internal static Beginning? Read(string folder)
    {
        try
        {
            var content = Json.Value<Content>(File.ReadAllBytes(Path.Combine(folder, Manifest)));
            if (!SnapshotFile.Verify(folder, content.Part)) return null;
            var flow = FlowSpecJson.Read(Encoding.UTF8.GetBytes(content.FlowJson));
            var weights = SnapshotFile.Read([WeightsIn(folder)], new ParameterRange(0, flow.Layout().Count)).Values[..flow.Layout().Count];
            return ModelStore.Sha256(weights) == content.Origin.WeightsSha256 ? new Beginning(content.Origin, flow, weights) : null;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException or JsonException or InvalidDataException or ArgumentException)
        {
            return null; // whoever needs it asks the registry, and is told where that has it no more
        }
    }

    private static void Remove(string folder)
    {
        File.Delete(Path.Combine(folder, Manifest)); // first: it vouches for the other
        File.Delete(WeightsIn(folder));
    }

    private sealed record Content(ModelOrigin Origin, string FlowJson, SnapshotPart Part);
}
