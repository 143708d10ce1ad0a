using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>
/// How the client repeats calls, which all do the same twice as once: while nobody answers, and while a model is busy. Pauses grow, and are
/// drawn, so that clients which were refused together do not come back together; a silo that names a time (Retry-After) is left alone for so long.
/// </summary>
internal static class Persistence
{
    /// <summary>How long people at a terminal are kept waiting.</summary>
    internal static readonly TimeSpan Usual = TimeSpan.FromMinutes(2);

    /// <summary>The rule of a patience.</summary>
    /// <param name="patience">How long a call is repeated.</param>
    /// <param name="chance">Draws from 0 to 1; null for draws that no other client makes.</param>
    internal static RepeatRule Rule(TimeSpan patience, Func<double>? chance = null)
    {
        var draw = chance ?? Random.Shared.NextDouble;
        return new() { Patience = patience, IsTransient = IsTransient, Wait = (pause, error) => Wait(pause, error, draw()) };
    }

    /// <summary>What the user is told when the patience is over: what the silo said last where it said something.</summary>
    /// <param name="gone">The end of the attempts.</param>
    /// <param name="who">Who was asked.</param>
    /// <param name="rule">The rule that ended them.</param>
    internal static Exception Verdict(ClusterUnreachableException gone, string who, RepeatRule rule) => gone.InnerException switch
    {
        OverloadedException or { InnerException: OverloadedException } => new OverloadedException(gone.InnerException.Message),
        var last => new ClusterUnreachableException($"{who} has not answered for {Words(rule.Patience)} ({last?.Message}); {Unanswered.Remedy(last?.InnerException) ?? "look whether its silo runs, or name another one"}.", gone),
    };

    /// <summary>A time in words.</summary>
    internal static string Words(TimeSpan time) => time == Usual ? "two minutes" : $"{time.TotalSeconds:0.###} s";

    private static bool IsTransient(Exception error) => Repeated.IsTransient(error) || error is OverloadedException; // which grains throw as it is

    /// <summary>Half of the pause for certain and half of it by chance, behind the time that the silo names.</summary>
    private static TimeSpan Wait(TimeSpan pause, Exception error, double chance) =>
        (error is NoAnswerException { After: { } after } ? after : pause / 2) + chance * pause / 2;
}
