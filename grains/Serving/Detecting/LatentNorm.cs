using FlowGrain.Flows;

namespace FlowGrain.Serving;

/// <summary>‖z‖² of rows.</summary>
internal static class LatentNorm
{
    /// <summary>Of latents <c>[B, D]</c>; what a row lacks adds nothing, nor does an angle, which is everywhere on its circle as usual, and a row whose density is zero in float32 is infinitely far.</summary>
    internal static float[] Of(ReadOnlySpan<float> logDensity, ReadOnlySpan<float> latent, Circles? angles = null)
    {
        var norms = new float[logDensity.Length];
        var width = norms.Length == 0 ? 0 : latent.Length / norms.Length;
        for (var row = 0; row < norms.Length; row++) norms[row] = Of(logDensity[row], latent.Slice(row * width, width), angles);
        return norms;
    }

    private static float Of(float logDensity, ReadOnlySpan<float> latent, Circles? angles)
    {
        if (!float.IsFinite(logDensity)) return -logDensity;
        var sum = 0.0;
        for (var column = 0; column < latent.Length; column++)
            if (!float.IsNaN(latent[column]) && angles?.Columns.Contains(column) != true) sum += (double)latent[column] * latent[column];
        return (float)sum;
    }
}
