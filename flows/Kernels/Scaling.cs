using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Kernels;

/// <summary>Carries rows between the caller's memory and tiles; standardises on the way, in float64 as <see cref="Standardize"/> does, after the maps of single columns where there are any.</summary>
/// <remarks>What fills up the last block repeats the last row, so that it brings in no number that was not there.</remarks>
internal sealed unsafe class Scaling(StandardizeSpec spec, MarginalSpec? marginal = null)
{
    private readonly double[] _shift = [.. spec.Shift];
    private readonly double[] _scale = [.. spec.Scale];
    private readonly MarginalMap[]? _maps = marginal?.Maps.ToArray();

    /// <summary>Into a tile: the columns from <paramref name="first"/> on of rows of <paramref name="width"/> numbers.</summary>
    internal void Load(ReadOnlySpan<double> rows, int width, int first, in Tile tile, Floats target)
    {
        var last = rows.Length / width - 1;
        for (var row = 0; row < tile.Rows; row++)
        {
            var values = rows.Slice(Math.Min(row, last) * width + first, _shift.Length);
            var column = target.Block(row / Tile.BlockRows, _shift.Length) + row % Tile.BlockRows;
            if (_maps is not null) tile.LogDet.Block(row / Tile.BlockRows, 1)[row % Tile.BlockRows] += (float)LoadMapped(values, column);
            else for (var i = 0; i < values.Length; i++, column += Tile.BlockRows) *column = (float)((values[i] - _shift[i]) / _scale[i]);
        }
    }

    /// <summary>Loads a row through the maps of its columns; gives the logs of their slopes, summed.</summary>
    private double LoadMapped(ReadOnlySpan<double> values, float* column)
    {
        var logDet = 0.0;
        for (var i = 0; i < values.Length; i++, column += Tile.BlockRows)
        {
            *column = (float)((_maps![i].Normalize(values[i], out var logSlope) - _shift[i]) / _scale[i]);
            logDet += logSlope;
        }

        return logDet;
    }

    /// <summary>Out of a tile, back in the units of the data.</summary>
    internal void Store(Floats source, Span<double> rows)
    {
        for (var row = 0; row * _shift.Length < rows.Length; row++)
        {
            var values = rows.Slice(row * _shift.Length, _shift.Length);
            var column = source.Block(row / Tile.BlockRows, _shift.Length) + row % Tile.BlockRows;
            for (var i = 0; i < values.Length; i++, column += Tile.BlockRows)
            {
                values[i] = *column * _scale[i] + _shift[i];
                if (_maps is not null) values[i] = _maps[i].Generate(values[i]);
            }
        }
    }
}
