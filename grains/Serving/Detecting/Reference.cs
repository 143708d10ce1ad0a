using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>What a model gives rows that it did not learn from: beside them a row is usual or not.</summary>
internal sealed class Reference
{
    /// <summary>Rows that it has at most.</summary>
    internal const int MostRows = 10_000;

    private readonly ScoreReference[] _scores;

    /// <summary>Takes log-densities and latent norms of the same rows; those that have none are left out.</summary>
    /// <exception cref="ArgumentException">No row has any.</exception>
    internal Reference(ReadOnlySpan<float> logDensity, ReadOnlySpan<float> norm)
    {
        var (kept, norms) = (ImmutableArray.CreateBuilder<float>(), ImmutableArray.CreateBuilder<float>());
        for (var row = 0; row < logDensity.Length; row++)
        {
            if (float.IsNaN(logDensity[row]) || float.IsNaN(norm[row])) continue;
            kept.Add(logDensity[row]);
            norms.Add(norm[row]);
        }

        if (kept.Count == 0) throw new ArgumentException("A reference needs a row that has a density.", nameof(logDensity));
        (LogDensity, Norm) = (kept.ToImmutable(), norms.ToImmutable());
        Mean = LogDensity.Where(float.IsFinite).Select(value => (double)value).DefaultIfEmpty(double.NegativeInfinity).Average();
        _scores = [.. Enum.GetValues<DetectionScore>().Select(kind => new ScoreReference(LogDensity.Zip(Norm, (log, z) => Score(kind, log, z))))];
    }

    /// <summary>Log-densities, nats.</summary>
    internal ImmutableArray<float> LogDensity { get; }

    /// <summary>‖z‖² of the same rows.</summary>
    internal ImmutableArray<float> Norm { get; }

    /// <summary>Mean of the finite log-densities.</summary>
    internal double Mean { get; }

    /// <summary>The rows by one of their scores.</summary>
    internal ScoreReference Of(DetectionScore kind) => _scores[(int)kind];

    /// <summary>How anomalous a row is, in float32 like all that it is compared with.</summary>
    internal float Score(DetectionScore kind, float logDensity, float norm) => kind switch
    {
        DetectionScore.LogProb => -logDensity,
        DetectionScore.Typicality => float.IsNegativeInfinity(logDensity) ? float.PositiveInfinity : (float)Math.Abs(logDensity - Mean),
        _ => norm,
    };
}
