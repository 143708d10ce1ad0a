using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Kernels;

/// <summary>Carries rows between the caller's memory and tiles; standardises on the way, in float64 as <see cref="Standardize"/> does.</summary>
/// <remarks>What fills up the last block repeats the last row, so that it brings in no number that was not there.</remarks>
internal sealed unsafe class Scaling(StandardizeSpec spec)
{
    private readonly double[] _shift = [.. spec.Shift];
    private readonly double[] _scale = [.. spec.Scale];

    /// <summary>Into a tile: the columns from <paramref name="first"/> on of rows of <paramref name="width"/> numbers.</summary>
    internal void Load(ReadOnlySpan<double> rows, int width, int first, in Tile tile, Floats target)
    {
        var last = rows.Length / width - 1;
        for (var row = 0; row < tile.Rows; row++)
        {
            var values = rows.Slice(Math.Min(row, last) * width + first, _shift.Length);
            var column = target.Block(row / Tile.BlockRows, _shift.Length) + row % Tile.BlockRows;
            for (var i = 0; i < values.Length; i++, column += Tile.BlockRows) *column = (float)((values[i] - _shift[i]) / _scale[i]);
        }
    }

    /// <summary>Out of a tile, back in the units of the data.</summary>
    internal void Store(Floats source, Span<double> rows)
    {
        for (var row = 0; row * _shift.Length < rows.Length; row++)
        {
            var values = rows.Slice(row * _shift.Length, _shift.Length);
            var column = source.Block(row / Tile.BlockRows, _shift.Length) + row % Tile.BlockRows;
            for (var i = 0; i < values.Length; i++, column += Tile.BlockRows) values[i] = *column * _scale[i] + _shift[i];
        }
    }
}
