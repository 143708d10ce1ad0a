namespace FlowGrain.Flows.Kernels;

/// <summary>What a layer of a net and scalar maps keeps of a tile.</summary>
internal readonly struct ConditionerMemory<T> where T : struct, ILanes<T>
{
    /// <summary>Cuts up the memory of a layer; <paramref name="marks"/> is what its maps keep a row.</summary>
    internal ConditionerMemory(NetKernel<T> net, int marks, Floats kept, int rows)
    {
        var regions = new Regions(kept, rows);
        Input = regions.Next(net.Inputs);
        Hidden = regions.Next(net.Kept);
        Parameters = regions.Next(net.Outputs);
        Marks = regions.Next(marks);
    }

    /// <summary>The net's inputs.</summary>
    internal Floats Input { get; }

    /// <summary>What the net keeps.</summary>
    internal Floats Hidden { get; }

    /// <summary>The net's outputs, the parameters of the maps.</summary>
    internal Floats Parameters { get; }

    /// <summary>What the maps keep.</summary>
    internal Floats Marks { get; }
}
