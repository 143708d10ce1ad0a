namespace FlowGrain.Flows.Kernels;

/// <summary>What a layer of a net and scalar maps keeps of a tile.</summary>
internal readonly unsafe struct ConditionerMemory<T> where T : struct, ILanes<T>
{
    private readonly NetKernel<T> _net;
    private readonly MapKernel<T> _map;
    private readonly Floats _marks;

    /// <summary>Cuts up the memory of a layer, of which <see cref="Columns"/> floats a row are kept.</summary>
    internal ConditionerMemory(NetKernel<T> net, MapKernel<T> map, Floats kept, int rows)
    {
        var regions = new Regions(kept, rows);
        (_net, _map) = (net, map);
        Input = regions.Next(net.Inputs);
        Hidden = regions.Next(net.Kept);
        Parameters = regions.Next(net.Outputs);
        _marks = regions.Next(Marked(net, map));
    }

    /// <summary>The net's inputs.</summary>
    internal Floats Input { get; }

    /// <summary>What the net keeps.</summary>
    internal Floats Hidden { get; }

    /// <summary>The net's outputs, the parameters of the maps.</summary>
    internal Floats Parameters { get; }

    /// <summary>Floats a row in all.</summary>
    internal static int Columns(NetKernel<T> net, MapKernel<T> map) => net.Inputs + net.Kept + net.Outputs + Marked(net, map);

    /// <summary>The parameters of the i-th map in a block.</summary>
    internal float* ParametersOf(int block, int i) => Parameters.Block(block, _net.Outputs) + i * _map.Parameters * Tile.BlockRows;

    /// <summary>What the i-th map keeps in a block.</summary>
    internal float* MarksOf(int block, int i) => _marks.Block(block, Marked(_net, _map)) + i * _map.Kept * Tile.BlockRows;

    private static int Marked(NetKernel<T> net, MapKernel<T> map) => net.Outputs / map.Parameters * map.Kept;
}
