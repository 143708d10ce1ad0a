using System.CommandLine;
using FlowGrain.Cli.Completion;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Options;

/// <summary>By what rows are anomalies.</summary>
internal static class ScoreKind
{
    private static readonly Dictionary<string, DetectionScore> Kinds = new()
    {
        ["log-prob"] = DetectionScore.LogProb, ["typicality"] = DetectionScore.Typicality, ["latent-norm"] = DetectionScore.LatentNorm,
    };

    internal static Option<DetectionScore> Option() => new Option<DetectionScore>("--score")
    {
        Description = "What is unusual: a low density, one that is far from the mean of usual rows, or a place far out in the base. [default: log-prob]",
        HelpName = string.Join('|', Kinds.Keys),
        CustomParser = result =>
        {
            if (Kinds.TryGetValue(result.Tokens[0].Value, out var kind)) return kind;
            result.AddError($"--score is {result.Tokens[0].Value}; give log-prob, typicality or latent-norm.");
            return default;
        },
    }.Offering([.. Kinds.Keys]);

    /// <summary>A score in words.</summary>
    internal static string Words(DetectionScore kind) => kind switch
    {
        DetectionScore.LogProb => "−log p",
        DetectionScore.Typicality => "|log p − mean|",
        _ => "‖z‖²",
    };
}
