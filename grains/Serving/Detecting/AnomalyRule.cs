using FlowGrain.Flows;

namespace FlowGrain.Serving;

/// <summary>Tells anomalies: rows whose score is above a threshold.</summary>
/// <param name="reference">What is usual.</param>
/// <param name="kind">What is looked at.</param>
/// <param name="threshold">The highest score that is no alarm.</param>
internal sealed class AnomalyRule(Reference reference, DetectionScore kind, double threshold)
{
    /// <summary>The rule of a threshold, or of a rate of false alarms.</summary>
    /// <exception cref="BadInputException">Both are given, or the reference cannot show the rate.</exception>
    internal static AnomalyRule Of(Reference reference, DetectionScore kind, double? rate, double? threshold) => (rate, threshold) switch
    {
        (not null, not null) => throw new BadInputException("A rate and a threshold are given; give one of them."),
        (null, { } given) when !double.IsFinite(given) => throw new BadInputException($"The threshold is {given}; give a finite number."),
        (null, { } given) => new(reference, kind, given),
        _ => new(reference, kind, reference.Of(kind).Threshold(rate ?? DetectionPlan.DefaultRate)),
    };

    /// <summary>The highest score that is no alarm.</summary>
    internal double Threshold => threshold;

    /// <summary>Whether it looks at latents.</summary>
    internal bool NeedsLatent => kind == DetectionScore.LatentNorm;

    /// <summary>The share of the reference that it flags.</summary>
    internal double ReferenceRate => reference.Of(kind).ShareAbove(threshold);

    /// <summary>Rows of the reference.</summary>
    internal int ReferenceRows => reference.Of(kind).Rows;

    /// <summary>What it says of rows.</summary>
    /// <param name="densities">Their log-densities, with latents where it needs them.</param>
    /// <param name="angles">The latents that are angles; null without.</param>
    internal Verdict[] Judge(Densities densities, Circles? angles = null)
    {
        var logDensity = densities.LogDensity.Span;
        var norm = NeedsLatent ? LatentNorm.Of(logDensity, densities.Latent!.Span, angles) : new float[logDensity.Length];
        var verdicts = new Verdict[logDensity.Length];
        for (var row = 0; row < verdicts.Length; row++)
        {
            var score = reference.Score(kind, logDensity[row], norm[row]);
            verdicts[row] = new Verdict(logDensity[row], score, reference.Of(kind).PValue(score), float.IsNaN(score) ? null : score > threshold);
        }

        return verdicts;
    }
}

/// <summary>What is said of a row.</summary>
/// <param name="LogDensity">Its log-density, nats; NaN where it has none.</param>
/// <param name="Score">How anomalous it is; NaN where nobody can tell.</param>
/// <param name="PValue">How often a usual row is as anomalous.</param>
/// <param name="IsFlagged">Whether that is an alarm; null where nobody can tell.</param>
internal readonly record struct Verdict(float LogDensity, float Score, double PValue, bool? IsFlagged);
