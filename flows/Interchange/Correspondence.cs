using System.Collections.Immutable;

namespace FlowGrain.Flows.Interchange;

/// <summary>What a flow is in another library: its tensors, those that are parameters of ours and those that are not.</summary>
internal sealed class Correspondence
{
    private readonly ImmutableArray<TensorLink>.Builder _links = ImmutableArray.CreateBuilder<TensorLink>();
    private readonly ImmutableArray<TensorConstant>.Builder _constants = ImmutableArray.CreateBuilder<TensorConstant>();

    /// <summary>The tensors that hold our parameters.</summary>
    internal IReadOnlyList<TensorLink> Links => _links;

    /// <summary>The tensors that follow from the flow.</summary>
    internal IReadOnlyList<TensorConstant> Constants => _constants;

    internal void Add(TensorLink link) => _links.Add(link);

    internal void Add(TensorConstant constant) => _constants.Add(constant);

    /// <summary>Adds <c>weight</c> and <c>bias</c> of a linear layer, and returns the link of the weight.</summary>
    /// <param name="prefix">Theirs, with a dot behind it.</param>
    /// <param name="layer">Ours.</param>
    /// <param name="rows">Our row for each of theirs.</param>
    /// <param name="columns">Our column for each of theirs; −1 where we have none.</param>
    internal TensorLink AddLinear(string prefix, BlockScope layer, ImmutableArray<int> rows, ImmutableArray<int> columns)
    {
        var weight = TensorLink.Matrix($"{prefix}weight", layer["weight"], rows, columns);
        Add(weight);
        Add(TensorLink.Vector($"{prefix}bias", layer["bias"], rows));
        return weight;
    }
}

/// <summary>A place in the tree of our parameters' names.</summary>
internal readonly struct BlockScope(ParameterLayout layout, string prefix)
{
    internal ParameterBlock this[string name] => layout[prefix + name];

    internal BlockScope In(string name) => new(layout, $"{prefix}{name}.");
}

/// <summary>Orders of rows and columns.</summary>
internal static class Orders
{
    /// <summary>0 to n − 1.</summary>
    internal static ImmutableArray<int> Same(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>Where each number of an order stands in it.</summary>
    internal static ImmutableArray<int> Inverse(ImmutableArray<int> order) => [.. Enumerable.Range(0, order.Length).OrderBy(i => order[i])];

    internal static bool IsIdentity(ImmutableArray<int> order) => order.Index().All(at => at.Index == at.Item);

    internal static bool IsPermutation(ImmutableArray<int> order, int count) => order.Order().SequenceEqual(Enumerable.Range(0, count));
}
