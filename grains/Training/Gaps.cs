using System.Collections.Immutable;
using FlowGrain.Data;

namespace FlowGrain.Training;

/// <summary>Finds the columns that lack values: a flow can do without them where it has learned to.</summary>
internal static class Gaps
{
    /// <summary>Whether a column of the data set lacks a value in some training row. Reads all rows where the data set may have gaps.</summary>
    /// <exception cref="BadInputException">A column lacks values only in rows that are held out.</exception>
    internal static ImmutableArray<bool> Of(Split split, string file)
    {
        var manifest = split.Data.Manifest;
        if (manifest.Missing != MissingRows.Mask) return [.. manifest.Columns.Select(_ => false)];
        var training = Of(split, RowSide.Train);
        foreach (var side in new[] { RowSide.Validation, RowSide.Test })
        {
            if (Array.FindIndex(Of(split, side).Zip(training, (held, trains) => held && !trains).ToArray(), only => only) is >= 0 and var column)
                throw new BadInputException($"'{file}': column '{manifest.Columns[column].Name}' lacks values only in rows that are held out, so nothing can be learned of its gaps; add training rows that have them, or leave such rows out with --missing drop.");
        }

        return [.. training];
    }

    private static bool[] Of(Split split, RowSide side)
    {
        var (width, gaps) = (split.Data.Width, new bool[split.Data.Width]);
        for (var block = 0; block < split.Data.Blocks; block++)
        {
            var stored = split.Data.Block(block);
            foreach (var row in split.Side(side).In(block))
                for (var column = 0; column < width; column++) gaps[column] |= float.IsNaN(stored[row * width + column]);
        }

        GC.KeepAlive(split.Data); // or its blocks may be unmapped while they are read
        return gaps;
    }
}
