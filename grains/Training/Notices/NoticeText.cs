using System.Globalization;

namespace FlowGrain.Training;

/// <summary>The end of a run as a sentence.</summary>
internal static class NoticeText
{
    internal static string Of(RunProgress end) => end.Phase switch
    {
        RunPhase.Finished => Invariant($"Run '{end.Run}' has finished version {end.Version} after {end.Step:N0} steps{Validation(end)}."),
        RunPhase.Failed => Invariant($"Run '{end.Run}' version {end.Version} failed at step {end.Step:N0}: {end.Failure}"),
        _ => Invariant($"Run '{end.Run}' version {end.Version} was stopped at step {end.Step:N0}; 'flowgrain runs resume {end.Run}' goes on."),
    };

    private static string Validation(RunProgress end) => double.IsFinite(end.BestValidationNats) ? Invariant($", validation {end.BestValidationNats:F4} nats a row") : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
