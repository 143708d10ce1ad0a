namespace FlowGrain.Flows.Kernels;

/// <summary>An autoregressive layer turned round: it draws in one pass and scores column by column; see <see cref="Transforms.Inverse"/>.</summary>
/// <remarks>
/// Normalize is the layer's Generate: given x it finds z with <c>x_i = map(z_i; p_i(z_1 … z_i−1))</c>. Its derivative solves a
/// triangular system. Going back through the columns, the last first, dz_i is complete once the maps after i have handed
/// down theirs; <see cref="MapKernel{T}.BackwardFound"/> turns it into dx_i, and <c>dp_i = −dx_i ∂map/∂p_i + weight ∂log map′/∂p_i</c> goes on through
/// the units of degree i into dz_i−1. Each unit's derivative is computed once, so that training costs one pass too.
/// </remarks>
internal sealed unsafe class InverseAutoregressiveKernel<T>(FlowShape shape, MapKernel<T> map, MlpKernel<T> net) : Kernel<T>
    where T : struct, ILanes<T>
{
    private readonly AutoregressiveKernel<T> _layer = new(shape, map, net);

    internal override int Kept => _layer.Kept;

    internal override int Scratch => _layer.Scratch + shape.Dimension;

    internal override void Prepare(Floats parameters) => _layer.Prepare(parameters);

    internal override void Normalize(in Tile tile, Floats x, Floats z, Floats kept) => _layer.Generate(tile, x, z, kept);

    internal override void Generate(in Tile tile, Floats z, Floats x, Floats kept) => _layer.Normalize(tile, z, x, kept);

    internal override void Backward(in Tile tile, Floats x, Floats z, Floats zGradient, Floats xGradient, Floats kept)
    {
        var memory = new ConditionerMemory<T>(net, map, kept, tile.Rows);
        var regions = new Regions(tile.Scratch, tile.Rows);
        var (total, inputGradient, unitGradients) = (regions.Next(shape.Dimension), regions.Next(net.Inputs), regions.Next(net.Kept));
        zGradient.Span[..total.Length].CopyTo(total.Span);
        for (var column = shape.Dimension - 1; column >= 0; column--)
        {
            BackwardColumn(tile, column, z, total, xGradient, memory);
            var before = column == 0 ? default : new Units(shape.Context + column - 1, 1);
            net.BackwardUnits(tile.Blocks, _layer.UnitsOf(column), before, memory.Hidden, memory.Parameters, inputGradient, unitGradients);
            if (column > 0) HandDown(tile, before.First, inputGradient, column - 1, total);
        }

        net.AddGradients(tile.Blocks, memory.Input, memory.Hidden, memory.Parameters, unitGradients, regions.Next(net.Scratch - net.Kept));
    }

    internal override void Collect(Floats gradient, float weight) => _layer.Collect(gradient, weight);

    public override void Dispose() => _layer.Dispose();

    /// <summary>dx of a column, and the derivatives of its map's parameters in their place.</summary>
    private void BackwardColumn(in Tile tile, int column, Floats z, Floats total, Floats xGradient, in ConditionerMemory<T> memory)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            var parameters = memory.ParametersOf(block, column);
            var marks = memory.MarksOf(block, column);
            var weight = tile.Weight.Block(block, 1);
            var value = z.Column(block, shape.Dimension, column);
            var dz = total.Column(block, shape.Dimension, column);
            var dx = xGradient.Column(block, shape.Dimension, column);
            map.BackwardFound(parameters, value, dz, weight, dx, marks);
            map.Backward(parameters, value, dx, weight, dz, marks);
            for (var i = 0; i < map.Parameters; i++) Columns.Negate<T>(parameters + i * Tile.BlockRows);
        }
    }

    private void HandDown(in Tile tile, int input, Floats inputGradient, int column, Floats total)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            var sum = total.Column(block, shape.Dimension, column);
            Columns.Sum<T>(sum, inputGradient.Column(block, net.Inputs, input), sum);
        }
    }
}
