using FlowGrain.Flows.Kernels;

namespace FlowGrain.Tests.Flows.Kernels;

public sealed class TranspositionTests
{
    [Theory, InlineData(1, 1), InlineData(1, 8), InlineData(2, 13), InlineData(4, 32), InlineData(3, 45)]
    public void Blocks_become_panels(int blocks, int columns)
    {
        var (rows, panel) = (blocks * Tile.BlockRows, Transposition.Panel);
        using var source = new AlignedBuffer(rows * columns);
        using var target = new AlignedBuffer(rows * Transposition.Padded(columns));
        for (var i = 0; i < rows * columns; i++) source.Floats.Span[i] = i;
        Transposition.Run(blocks, source.Floats, columns, target.Floats);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var from = (row / Tile.BlockRows * columns + column) * Tile.BlockRows + row % Tile.BlockRows;
                Assert.Equal(from, target.Floats.Span[(column / panel * rows + row) * panel + column % panel]);
            }
        }
    }
}
