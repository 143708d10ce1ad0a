using FlowGrain.Training;

namespace FlowGrain.Cli.Output;

/// <summary>What a loss is of, in words; see <see cref="RunObjectives"/>.</summary>
internal static class Losses
{
    /// <summary>Whether losses are nats, and so comparable with other densities.</summary>
    internal static bool AreNats(string objective) => objective == RunObjectives.Likelihood;

    /// <summary>What stands beside a figure.</summary>
    internal static string Unit(string objective) => AreNats(objective) ? "nats per row" : $"{objective} loss";

    /// <summary>What stands along an axis.</summary>
    internal static string Axis(string objective) => AreNats(objective) ? "negative log-likelihood, nats per row" : $"{objective} loss per row";

    /// <summary>A loss, with its name where it is not what every reader takes it for.</summary>
    internal static string Figure(double? loss, string objective) => AreNats(objective) || loss is not { } value || !double.IsFinite(value) ? Figures.Nats(loss) : $"{Figures.Nats(value)} ({objective})";
}
