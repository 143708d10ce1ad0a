namespace FlowGrain.Serving;

/// <summary>‖z‖² of rows.</summary>
internal static class LatentNorm
{
    /// <summary>Of latents <c>[B, D]</c>; what a row lacks adds nothing, and one whose density is zero in float32 is infinitely far.</summary>
    internal static float[] Of(ReadOnlySpan<float> logDensity, ReadOnlySpan<float> latent)
    {
        var norms = new float[logDensity.Length];
        var width = norms.Length == 0 ? 0 : latent.Length / norms.Length;
        for (var row = 0; row < norms.Length; row++) norms[row] = Of(logDensity[row], latent.Slice(row * width, width));
        return norms;
    }

    private static float Of(float logDensity, ReadOnlySpan<float> latent)
    {
        if (!float.IsFinite(logDensity)) return -logDensity;
        var sum = 0.0;
        foreach (var z in latent)
            if (!float.IsNaN(z)) sum += (double)z * z;
        return (float)sum;
    }
}
