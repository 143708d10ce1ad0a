using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;

namespace FlowGrain.Serving;

/// <summary>Names a job by all that decides its answer: who asks for the same again goes on where it stopped.</summary>
internal static class ScoringKey
{
    private const int Format = 1; // of the parts

    /// <summary>32 hex digits.</summary>
    internal static string Of(StoredModel model, ScoringPlan plan)
    {
        var key = new StringBuilder($"format {Format}\nclass {FlowEngines.DeviceClassOf(model.Flow)}\nflow {model.Flow.Hash()}\nweights {model.Record.Result.WeightsSha256}\nplan {JsonSerializer.Serialize(plan)}\n");
        foreach (var path in SourceFiles.Paths(plan.Data))
        {
            var file = new FileInfo(RealPath.Of(path)); // of a link, size and time are its own
            key.Append(JsonEncodedText.Encode(file.FullName)).Append(' ').Append(file.Length).Append(' ').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())))[..32];
    }
}
