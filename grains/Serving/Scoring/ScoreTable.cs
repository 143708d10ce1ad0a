using System.Collections.Immutable;
using FlowGrain.Data;

namespace FlowGrain.Serving;

/// <summary>Scores as a table: <c>row, log_prob, z0, …</c>.</summary>
internal static class ScoreTable
{
    /// <summary>Its columns.</summary>
    /// <param name="latent">How many latent columns follow the score; 0 for none.</param>
    internal static ImmutableArray<WrittenColumn> Columns(int latent) =>
        [new("row", IsWhole: true), new("log_prob", IsSingle: true), .. Enumerable.Range(0, latent).Select(column => new WrittenColumn($"z{column}", IsSingle: true))];

    /// <summary>Its rows from number <paramref name="first"/> on; <paramref name="latent"/> is row-major.</summary>
    internal static double[] Rows(long first, ReadOnlySpan<float> scores, ReadOnlySpan<float> latent)
    {
        var width = latent.Length / scores.Length;
        var rows = new double[scores.Length * (2 + width)];
        for (var row = 0; row < scores.Length; row++)
        {
            var line = rows.AsSpan(row * (2 + width), 2 + width);
            (line[0], line[1]) = (first + row, scores[row]);
            for (var column = 0; column < width; column++) line[2 + column] = latent[row * width + column];
        }

        return rows;
    }
}
