using System.Collections.Immutable;

namespace FlowGrain.Flows.Kernels;

/// <summary>Maps some columns with parameters that a net makes of the others and the context; see <see cref="Transforms.Coupling"/>.</summary>
/// <remarks>
/// Kept: the net's inputs, what the net and the map keep, and the parameters. Backward: the map turns dz into dx and, in place,
/// into the parameters' derivatives; the net turns those into the derivative of its inputs, which joins what passes through.
/// </remarks>
internal sealed unsafe class CouplingKernel<T>(
    FlowShape shape, ImmutableArray<int> passed, ImmutableArray<int> transformed, MapKernel<T> map, NetKernel<T> net)
    : Kernel<T>
    where T : struct, ILanes<T>
{
    internal override int Kept => ConditionerMemory<T>.Columns(net, map);

    internal override int Scratch => net.Inputs + net.Scratch;

    internal override void Prepare(Floats parameters) => net.Prepare(parameters);

    internal override void Normalize(in Tile tile, Floats x, Floats z, Floats kept)
    {
        var memory = new ConditionerMemory<T>(net, map, kept, tile.Rows);
        Condition(tile, x, z, memory);
        for (var block = 0; block < tile.Blocks; block++)
        {
            var logDet = tile.LogDet.Block(block, 1);
            for (var i = 0; i < transformed.Length; i++)
            {
                var column = transformed[i];
                map.Normalize(memory.ParametersOf(block, i), x.Column(block, shape.Dimension, column), z.Column(block, shape.Dimension, column), logDet, memory.MarksOf(block, i));
            }
        }
    }

    internal override void Backward(in Tile tile, Floats x, Floats z, Floats zGradient, Floats xGradient, Floats kept)
    {
        var memory = new ConditionerMemory<T>(net, map, kept, tile.Rows);
        var regions = new Regions(tile.Scratch, tile.Rows);
        var inputGradient = regions.Next(net.Inputs);
        for (var block = 0; block < tile.Blocks; block++)
        {
            var weight = tile.Weight.Block(block, 1);
            for (var i = 0; i < transformed.Length; i++)
            {
                var column = transformed[i];
                map.Backward(
                    memory.ParametersOf(block, i), x.Column(block, shape.Dimension, column), zGradient.Column(block, shape.Dimension, column), weight,
                    xGradient.Column(block, shape.Dimension, column), memory.MarksOf(block, i));
            }
        }

        net.Backward(tile.Blocks, memory.Input, memory.Hidden, memory.Parameters, new Units(0, passed.Length), inputGradient, regions.Next(net.Scratch));
        Join(tile, zGradient, inputGradient, xGradient);
    }

    internal override void Generate(in Tile tile, Floats z, Floats x, Floats kept)
    {
        var memory = new ConditionerMemory<T>(net, map, kept, tile.Rows);
        Condition(tile, z, x, memory);
        for (var block = 0; block < tile.Blocks; block++)
        {
            var logDet = tile.LogDet.Block(block, 1);
            for (var i = 0; i < transformed.Length; i++)
            {
                var column = transformed[i];
                map.Generate(memory.ParametersOf(block, i), z.Column(block, shape.Dimension, column), x.Column(block, shape.Dimension, column), logDet, memory.MarksOf(block, i));
            }
        }
    }

    internal override void Collect(Floats gradient, float weight) => net.Collect(gradient);

    public override void Dispose() => net.Dispose();

    /// <summary>Lets the passed columns through, and makes the parameters from them and the context.</summary>
    private void Condition(in Tile tile, Floats from, Floats to, in ConditionerMemory<T> memory)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var i = 0; i < passed.Length; i++)
            {
                var column = from.Column(block, shape.Dimension, passed[i]);
                Columns.Copy<T>(column, to.Column(block, shape.Dimension, passed[i]));
                Columns.Copy<T>(column, memory.Input.Column(block, net.Inputs, i));
            }

            for (var i = passed.Length; i < net.Inputs; i++)
            {
                Columns.Copy<T>(tile.Context.Column(block, shape.Context, i - passed.Length), memory.Input.Column(block, net.Inputs, i));
            }
        }

        net.Forward(tile.Blocks, memory.Input, memory.Hidden, memory.Parameters);
    }

    private void Join(in Tile tile, Floats zGradient, Floats inputGradient, Floats xGradient)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var i = 0; i < passed.Length; i++)
            {
                Columns.Sum<T>(
                    zGradient.Column(block, shape.Dimension, passed[i]), inputGradient.Column(block, net.Inputs, i), xGradient.Column(block, shape.Dimension, passed[i]));
            }
        }
    }
}
