using System.Numerics;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>
/// Sums the gradients of S shards in one fixed tree, in whatever order they arrive: a perfect binary tree over the shard
/// index, of which every node depends on its leaves alone. Empty leaves on the right are left out.
/// </summary>
/// <remarks>
/// It takes nodes of any level, since an aligned stretch of shards has the same sum wherever it was added up. Holds at most
/// log₂ S partial sums when shards arrive in order, and S/2 in the worst order. Not thread-safe.
/// </remarks>
internal sealed class ReductionTree(int shards, int length)
{
    private readonly Dictionary<ShardSpan, PartialNode> _waiting = [];
    private readonly Stack<float[]> _free = [];
    private readonly ShardSpan _root = new(BitOperations.Log2((uint)shards) + (BitOperations.IsPow2(shards) ? 0 : 1), 0);

    /// <summary>Numbers of a node.</summary>
    internal int Length => length;

    /// <summary>The sum of all shards once <see cref="IsFull"/>.</summary>
    internal PartialNode Root => _waiting[_root];

    /// <summary>Whether every shard is in.</summary>
    internal bool IsFull => _waiting.ContainsKey(_root);

    /// <summary>Whether a shard is in.</summary>
    internal bool Has(int shard) => Has(ShardSpan.Of(shard));

    /// <summary>Adds a node; what it covers alone is replaced by it. False, and nothing changes, when it is covered already.</summary>
    internal bool Add(ShardSpan span, ReadOnlySpan<float> sums, ShardTotals totals, IEnumerable<ShardLeaf> leaves)
    {
        if (Has(span)) return false;
        foreach (var inside in _waiting.Keys.Where(span.Contains).ToList()) Recycle(Take(inside));
        var node = new PartialNode(span, _free.TryPop(out var buffer) ? buffer : new float[length], totals, [.. leaves]);
        sums.CopyTo(node.Sums);
        Rise(node);
        return true;
    }

    /// <summary>Takes every node out, for the caller to pass on and <see cref="Recycle"/>.</summary>
    internal List<PartialNode> TakeAll()
    {
        List<PartialNode> nodes = [.. _waiting.Values];
        _waiting.Clear();
        return nodes;
    }

    /// <summary>Gives a node's memory back.</summary>
    internal void Recycle(PartialNode node) => _free.Push(node.Sums);

    /// <summary>Forgets the sums and keeps their memory.</summary>
    internal void Clear() => TakeAll().ForEach(Recycle);

    private bool Has(ShardSpan span)
    {
        for (; span.Level <= _root.Level; span = span.Parent)
        {
            if (_waiting.ContainsKey(span)) return true;
        }

        return false;
    }

    private void Rise(PartialNode node)
    {
        for (var span = node.Span; span.Level < _root.Level; span = span.Parent, node = node with { Span = span })
        {
            if (span.Sibling.First >= shards) continue; // no leaf below the sibling: the node is its parent
            if (!_waiting.ContainsKey(span.Sibling))
            {
                _waiting.Add(span, node);
                return;
            }

            var other = Take(span.Sibling);
            node = span.Index < span.Sibling.Index ? Combine(node, other) : Combine(other, node);
        }

        _waiting.Add(_root, node);
    }

    private PartialNode Take(ShardSpan span) => _waiting.Remove(span, out var node) ? node : throw new KeyNotFoundException($"{span} is not in the tree.");

    private PartialNode Combine(PartialNode left, PartialNode right)
    {
        Gradients.Add(left.Sums, right.Sums);
        left.Leaves.AddRange(right.Leaves);
        Recycle(right);
        return left with { Totals = left.Totals + right.Totals };
    }
}

/// <summary>The sum of an aligned stretch of shards.</summary>
/// <param name="Span">The stretch.</param>
/// <param name="Sums">Its sum; the memory belongs to the tree.</param>
/// <param name="Totals">What its rows come to.</param>
/// <param name="Leaves">Who computed its shards.</param>
internal sealed record PartialNode(ShardSpan Span, float[] Sums, ShardTotals Totals, List<ShardLeaf> Leaves);
