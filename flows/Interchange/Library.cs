using System.Collections.Immutable;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>A Python library of flows whose state dicts can be read and written. A new one says how its layers are recognised and what their tensors are called, and adds a line here.</summary>
internal abstract class Library
{
    /// <summary>Every library.</summary>
    internal static ImmutableArray<Library> All { get; } = [new Nflows(), new Zuko()];

    /// <summary>What people call it.</summary>
    internal abstract string Name { get; }

    /// <summary>The layers that a state dict has.</summary>
    internal abstract ForeignFlow Read(StateReader state, StateDictSpec spec);

    /// <summary>The same flow in what the library has in the place of maps of ours, with other parameters; the flow itself where there is nothing to change.</summary>
    internal virtual (FlowSpec Flow, double[] Parameters) Rewritten(FlowSpec flow, double[] parameters) => (flow, parameters);

    /// <summary>The learned transforms of a flow as layers of the library.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="first">Number of the first layer: 1 behind an affine map in front, else 0.</param>
    internal abstract ImmutableArray<ForeignLayer> Layers(FlowSpec flow, int first);

    /// <summary>The affine map in front of all layers.</summary>
    internal abstract IEnumerable<(string Name, StateTensor Tensor)> Front(StateTensor shift, StateTensor scale);

    /// <summary>Adds the tensors of a layer; returns why there are none, as a clause, where the library has no such layer.</summary>
    /// <param name="tensors">Receives them.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="parameters">Ours, of each of its transforms.</param>
    /// <param name="shape">D and C.</param>
    private protected abstract string? Add(Correspondence tensors, ForeignLayer layer, ImmutableArray<BlockScope> parameters, FlowShape shape);

    /// <summary>Adds the tensors of the base.</summary>
    private protected virtual void AddBase(Correspondence tensors, int columns)
    {
    }

    /// <summary>The tensors of a flow's layers.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="layers">Its learned transforms, grouped.</param>
    /// <exception cref="ArgumentException">The library has no such layer; the sentence says which.</exception>
    internal Correspondence Tensors(FlowSpec flow, ImmutableArray<ForeignLayer> layers)
    {
        // Grouped, they may have permutations between them that the flow has not; those have no parameters.
        var layout = (flow with { Transforms = [flow.Transforms[0], .. layers.SelectMany(layer => layer.Transforms)] }).Layout();
        var (tensors, at) = (new Correspondence(), 1);
        foreach (var layer in layers)
        {
            ImmutableArray<BlockScope> parameters = [.. layer.Transforms.Select((_, i) => new BlockScope(layout, $"{at + i}."))];
            if (Add(tensors, layer, parameters, flow.Shape()) is { } why)
                throw new ArgumentException($"Transform {layer.Transform ?? at} of the flow, {layer.Transforms[layer.Core].Name}, is none that {Name} has: {why}.");
            at += layer.Transforms.Length;
        }

        AddBase(tensors, flow.Columns.Length);
        return tensors;
    }

    /// <summary>The library of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static Library Named(string name) => All.FirstOrDefault(library => library.Name == name) ??
        throw new ArgumentException($"There is no library '{name}'; there are {string.Join(" and ", All.Select(library => library.Name))}.");
}

/// <summary>The layers of a state dict.</summary>
/// <param name="Front">The affine map in front, as our standardisation; null without.</param>
/// <param name="Layers">The others, in the Normalize direction.</param>
internal sealed record ForeignFlow(StandardizeSpec? Front, ImmutableArray<ForeignLayer> Layers);

/// <summary>One layer of another library.</summary>
/// <param name="Prefix">Of its tensors, with a dot behind it.</param>
/// <param name="Transforms">What it is to us: one transform or two, or one between a permutation and its inverse.</param>
internal sealed record ForeignLayer(string Prefix, ImmutableArray<TransformSpec> Transforms)
{
    /// <summary>Which transform of the flow it was written from; null where it was read.</summary>
    internal int? Transform { get; init; }

    /// <summary>Which of the transforms is the layer.</summary>
    internal int Core => Transforms is [PermuteSpec, _, _] ? 1 : 0;
}
