namespace FlowGrain.Training;

/// <summary>
/// What a round of inner steps does to the weights. With Δ = −Σ n_s(θ_s − θ)/Σ n_s: local <c>θ ← θ − Δ</c>, the mean of the
/// shards' weights; diloco <c>v ← μv + Δ</c>, <c>θ ← θ − η(Δ + μv)</c>. Both then move the average, <c>a ← a + (1−d)(θ − a)</c>.
/// </summary>
/// <remarks>Every number by itself, so any cut gives the same bits. Source: Douillard et al. 2023, "DiLoCo", https://arxiv.org/abs/2311.08105.</remarks>
internal static class OuterStep
{
    /// <summary>Steps a slice.</summary>
    internal static void Apply(Span<float> weights, Span<float> momentum, Span<float> average, ReadOnlySpan<float> sums, RoundStep step, UpdateRule rule)
    {
        var (eta, mu) = rule.Mode == SyncMode.Diloco ? ((float)rule.OuterRate, (float)rule.OuterMomentum) : (1f, 0f);
        for (var i = 0; i < weights.Length; i++)
        {
            var delta = -sums[i] * step.Scale;
            momentum[i] = mu * momentum[i] + delta;
            weights[i] -= eta * (delta + mu * momentum[i]);
            average[i] += (weights[i] - average[i]) * (1 - step.AverageDecay);
        }
    }

    /// <summary>The mean over the shards of a moment of their optimizers.</summary>
    internal static void Average(Span<float> moment, ReadOnlySpan<float> sums, float scale)
    {
        for (var i = 0; i < moment.Length; i++) moment[i] = sums[i] * scale;
    }
}
