using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows;

/// <summary>
/// Where every parameter of a flow lies in its one flat buffer. A pure function of the <see cref="FlowSpec"/>: training,
/// averaging, checkpoints and serving move the same bytes.
/// </summary>
public sealed class ParameterLayout
{
    private readonly ImmutableArray<ParameterBlock> _masked;
    private readonly Dictionary<string, ParameterBlock> _byName;

    private ParameterLayout(ImmutableArray<ParameterBlock> blocks)
    {
        Blocks = blocks;
        Count = (int)Math.Min(int.MaxValue, blocks.Sum(block => (long)block.Count)); // one that large cannot be made
        _masked = [.. blocks.Where(block => block.Mask is not null)];
        _byName = blocks.ToDictionary(block => block.Name);
    }

    /// <summary>Every block, in buffer order.</summary>
    public ImmutableArray<ParameterBlock> Blocks { get; }

    /// <summary>Numbers in the buffer.</summary>
    public int Count { get; }

    /// <summary>The block of this name, such as <c>3.net.in.weight</c>.</summary>
    /// <exception cref="KeyNotFoundException">No such block.</exception>
    public ParameterBlock this[string name] => _byName[name];

    /// <summary>Lays out the parameters that <paramref name="declare"/> adds, in the order in which it adds them.</summary>
    public static ParameterLayout Of(Action<ParameterScope> declare)
    {
        var blocks = ImmutableArray.CreateBuilder<ParameterBlock>();
        declare(new ParameterScope(blocks, ""));
        return new ParameterLayout(blocks.ToImmutable());
    }

    /// <summary>Initial values, a pure function of the layout and the seed.</summary>
    public double[] Initialize(long seed)
    {
        var values = new double[Count];
        foreach (var block in Blocks)
        {
            block.Initial.Fill(values.AsSpan(block.Offset, block.Count), new CounterRandom(seed, "initial/" + block.Name));
        }

        ApplyMasks(values);
        return values;
    }

    /// <summary>Sets what lies behind a mask to zero, where training keeps it. Whoever writes weights of its own into a buffer calls this.</summary>
    /// <param name="buffer"><c>[P]</c>.</param>
    public void ApplyMasks<T>(Span<T> buffer)
        where T : struct
    {
        foreach (var block in _masked) block.ApplyMask(buffer.Slice(block.Offset, block.Count));
    }
}

/// <summary>One named tensor inside the flat buffer, row-major.</summary>
/// <param name="Name">Path of the transform and the tensor, such as <c>3.net.in.weight</c>.</param>
/// <param name="Offset">Index of its first number.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Initial">Its initial values.</param>
/// <param name="Mask">For each row of a masked matrix, how many of its first entries are free; the others are zero. Null without a mask.</param>
public sealed record ParameterBlock(string Name, int Offset, ImmutableArray<int> Shape, Initializer Initial, ImmutableArray<int>? Mask = null)
{
    /// <summary>Numbers in the block.</summary>
    public int Count { get; } = (int)Math.Min(int.MaxValue, Shape.Aggregate(1L, (product, size) => product * size)); // one that large is never made

    internal void ApplyMask<T>(Span<T> values)
        where T : struct
    {
        var (free, columns) = (Mask!.Value, Shape[1]);
        for (var row = 0; row < free.Length; row++) values.Slice(row * columns, columns)[free[row]..].Clear();
    }
}

/// <summary>A place in the tree of parameter names, to which a transform adds its own.</summary>
public readonly struct ParameterScope
{
    private readonly ImmutableArray<ParameterBlock>.Builder _blocks;
    private readonly string _prefix;

    internal ParameterScope(ImmutableArray<ParameterBlock>.Builder blocks, string prefix) => (_blocks, _prefix) = (blocks, prefix);

    /// <summary>The scope one name further down.</summary>
    public ParameterScope In(string name) => new(_blocks, $"{_prefix}{name}.");

    /// <summary>Adds a tensor at the end of the buffer.</summary>
    public void Add(string name, Initializer initial, params ReadOnlySpan<int> shape) => Add(name, initial, [.. shape], mask: null);

    /// <summary>Adds a matrix of <paramref name="columns"/> columns at the end of the buffer, with a row for each number of <paramref name="mask"/>.</summary>
    public void AddMasked(string name, Initializer initial, int columns, ImmutableArray<int> mask) => Add(name, initial, [mask.Length, columns], mask);

    private void Add(string name, Initializer initial, ImmutableArray<int> shape, ImmutableArray<int>? mask)
    {
        var offset = _blocks.Count == 0 ? 0 : _blocks[^1].Offset + _blocks[^1].Count;
        _blocks.Add(new ParameterBlock(_prefix + name, offset, shape, initial, mask));
    }
}
