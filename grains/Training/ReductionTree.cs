using System.Numerics;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>
/// Sums the gradients of S shards in one fixed tree, in whatever order they arrive: a perfect binary tree over the shard
/// index, of which every node depends on its leaves alone. Empty leaves on the right are left out.
/// </summary>
/// <remarks>Holds at most log₂ S partial sums when shards arrive in order, and S/2 in the worst order. Not thread-safe.</remarks>
internal sealed class ReductionTree(int shards, int length)
{
    private readonly Dictionary<(int Level, int Index), Node> _waiting = [];
    private readonly Stack<float[]> _free = [];
    private readonly int _levels = BitOperations.Log2((uint)shards) + (BitOperations.IsPow2(shards) ? 0 : 1);

    /// <summary>The sum of all shards once <see cref="IsFull"/>.</summary>
    internal ReadOnlySpan<float> Sum => _waiting[(_levels, 0)].Sums;

    /// <summary>The summed losses once <see cref="IsFull"/>.</summary>
    internal double Loss => _waiting[(_levels, 0)].Loss;

    /// <summary>The summed rows once <see cref="IsFull"/>.</summary>
    internal long Rows => _waiting[(_levels, 0)].Rows;

    /// <summary>Whether every shard is in.</summary>
    internal bool IsFull => _waiting.ContainsKey((_levels, 0));

    /// <summary>Adds one shard; the caller makes sure that each comes once.</summary>
    internal void Add(int shard, ReadOnlySpan<float> sums, double loss, long rows)
    {
        var node = new Node(_free.TryPop(out var buffer) ? buffer : new float[length], loss, rows);
        sums.CopyTo(node.Sums);
        Rise(level: 0, shard, node);
    }

    /// <summary>Forgets the sums and keeps the buffers.</summary>
    internal void Clear()
    {
        foreach (var node in _waiting.Values) _free.Push(node.Sums);
        _waiting.Clear();
    }

    private void Rise(int level, int index, Node node)
    {
        for (; level < _levels; level++, index /= 2)
        {
            var sibling = index ^ 1;
            if (sibling << level >= shards) continue; // no leaf below the sibling: the node is its parent
            if (!_waiting.Remove((level, sibling), out var other))
            {
                _waiting.Add((level, index), node);
                return;
            }

            node = index < sibling ? Combine(node, other) : Combine(other, node);
        }

        _waiting.Add((_levels, 0), node);
    }

    private Node Combine(Node left, Node right)
    {
        Gradients.Add(left.Sums, right.Sums);
        _free.Push(right.Sums);
        return new Node(left.Sums, left.Loss + right.Loss, left.Rows + right.Rows);
    }

    private readonly record struct Node(float[] Sums, double Loss, long Rows);
}
