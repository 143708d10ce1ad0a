using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;

namespace FlowGrain.Flows.Kernels;

/// <summary>Maps every column with parameters that a masked net makes of the columns before it; see <see cref="Transforms.Autoregressive"/>.</summary>
/// <remarks>
/// <para>The net's units are sorted by degree (<see cref="MaskedDegrees"/>), so its matrices are staircases and a pass costs
/// about half of what it would without masks. Kept and backward are those of <see cref="CouplingKernel{T}"/>, with every
/// column mapped and all but the last among the inputs.</para>
/// <para>Generate goes column by column through the same units, each of which is computed once: when columns 1 to f are
/// known, the units of degree f follow, of every layer, and from them the parameters of the next column. Drawing
/// therefore costs little more than scoring, not D times as much.</para>
/// </remarks>
internal sealed unsafe class AutoregressiveKernel<T>(FlowShape shape, MapKernel<T> map, NetKernel<T> net) : Kernel<T>
    where T : struct, ILanes<T>
{
    private readonly ImmutableArray<int> _flags = [.. Enumerable.Range(0, shape.Dimension).Select(column => shape.Missing?.FlagOf(column) ?? -1)];
    private readonly ImmutableArray<Units> _unitsOf = [.. Enumerable.Range(0, shape.Dimension).Select(column => OfDegree(new MaskedDegrees(shape, net.Hidden), column))];

    internal override int Kept => ConditionerMemory<T>.Columns(net, map);

    internal override int Scratch => net.Inputs + net.Scratch;

    internal override void Prepare(Floats parameters) => net.Prepare(parameters);

    internal override void Normalize(in Tile tile, Floats x, Floats z, Floats kept)
    {
        var memory = new ConditionerMemory<T>(net, map, kept, tile.Rows);
        LoadContext(tile, memory.Input);
        for (var column = 0; column < shape.Dimension - 1; column++) LoadColumn(tile, x, column, memory.Input);
        net.Forward(tile.Blocks, memory.Input, memory.Hidden, memory.Parameters);
        var room = stackalloc float[Tile.BlockRows];
        for (var block = 0; block < tile.Blocks; block++)
        {
            var logDet = tile.LogDet.Block(block, 1);
            for (var column = 0; column < shape.Dimension; column++)
            {
                float* value = x.Column(block, shape.Dimension, column), latent = z.Column(block, shape.Dimension, column);
                var passed = Passed(tile, block, column, room);
                passed.Note(logDet);
                map.Normalize(memory.ParametersOf(block, column), value, latent, logDet, memory.MarksOf(block, column));
                passed.Restore(value, latent, logDet);
            }
        }
    }

    internal override void Backward(in Tile tile, Floats x, Floats z, Floats zGradient, Floats xGradient, Floats kept)
    {
        var memory = new ConditionerMemory<T>(net, map, kept, tile.Rows);
        var room = stackalloc float[Tile.BlockRows];
        for (var block = 0; block < tile.Blocks; block++)
        {
            var weight = tile.Weight.Block(block, 1);
            for (var column = 0; column < shape.Dimension; column++)
            {
                var latentGradient = zGradient.Column(block, shape.Dimension, column);
                map.Backward(
                    memory.ParametersOf(block, column), x.Column(block, shape.Dimension, column), latentGradient, Passed(tile, block, column, room).Weigh(weight, latentGradient),
                    xGradient.Column(block, shape.Dimension, column), memory.MarksOf(block, column));
            }
        }

        var regions = new Regions(tile.Scratch, tile.Rows);
        var inputGradient = regions.Next(net.Inputs);
        net.Backward(tile.Blocks, memory.Input, memory.Hidden, memory.Parameters, new Units(0, net.Inputs), inputGradient, regions.Next(net.Scratch));
        Join(tile, inputGradient, xGradient);
    }

    internal override void Generate(in Tile tile, Floats z, Floats x, Floats kept)
    {
        var memory = new ConditionerMemory<T>(net, map, kept, tile.Rows);
        LoadContext(tile, memory.Input);
        var room = stackalloc float[Tile.BlockRows];
        for (var column = 0; column < shape.Dimension; column++)
        {
            if (column > 0) LoadColumn(tile, x, column - 1, memory.Input);
            net.Forward(tile.Blocks, _unitsOf[column], new Units(column * map.Parameters, map.Parameters), memory.Input, memory.Hidden, memory.Parameters);
            for (var block = 0; block < tile.Blocks; block++)
            {
                float* latent = z.Column(block, shape.Dimension, column), value = x.Column(block, shape.Dimension, column), logDet = tile.LogDet.Block(block, 1);
                var passed = Passed(tile, block, column, room);
                passed.Note(logDet);
                map.Generate(memory.ParametersOf(block, column), latent, value, logDet, memory.MarksOf(block, column));
                passed.Restore(latent, value, logDet);
            }
        }
    }

    internal override void Collect(Floats gradient, float weight) => net.Collect(gradient);

    public override void Dispose() => net.Dispose();

    /// <summary>The hidden units that complete what the map of a column sees.</summary>
    internal Units UnitsOf(int column) => _unitsOf[column];

    private static Units OfDegree(MaskedDegrees degrees, int degree) => new(degrees.Start(degree), degrees.End(degree) - degrees.Start(degree));

    private PassedColumn<T> Passed(in Tile tile, int block, int column, float* room) =>
        new(_flags[column] < 0 ? null : tile.Context.Column(block, shape.Context, _flags[column]), room);

    /// <summary>The net's inputs are the context, then the columns but the last.</summary>
    private void LoadContext(in Tile tile, Floats input)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var i = 0; i < shape.Context; i++) Columns.Copy<T>(tile.Context.Column(block, shape.Context, i), input.Column(block, net.Inputs, i));
        }
    }

    private void LoadColumn(in Tile tile, Floats x, int column, Floats input)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            Columns.Copy<T>(x.Column(block, shape.Dimension, column), input.Column(block, net.Inputs, shape.Context + column));
        }
    }

    private void Join(in Tile tile, Floats inputGradient, Floats xGradient)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var column = 0; column < shape.Dimension - 1; column++)
            {
                var sum = xGradient.Column(block, shape.Dimension, column);
                Columns.Sum<T>(sum, inputGradient.Column(block, net.Inputs, shape.Context + column), sum);
            }
        }
    }
}
