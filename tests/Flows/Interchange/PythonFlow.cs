using System.Collections.Immutable;
using FlowGrain.Flows.Interchange;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Interchange;

/// <summary>One layer: a row and its context to the row and log|det|.</summary>
internal delegate (double[] Y, double LogDet) PythonLayer(double[] x, double[] context);

/// <summary>A flow as a Python library would have it: a state dict of random weights, and layers that compute with those tensors.</summary>
internal sealed class PythonFlow(int columns, int context = 0)
{
    private readonly CounterRandom _random = new(11, "python");
    private long _drawn;

    internal Dictionary<string, StateTensor> Tensors { get; } = [];

    internal List<PythonLayer> Layers { get; } = [];

    internal int Columns => columns;

    internal int Context => context;

    /// <summary>log p(x | c) with a standard normal as the base.</summary>
    internal double LogProb(double[] x, double[] c)
    {
        var total = 0.0;
        foreach (var layer in Layers)
        {
            (x, var logDet) = layer(x, c);
            total += logDet;
        }

        return total - x.Sum(z => z * z) / 2 - columns * Math.Log(2 * Math.PI) / 2;
    }

    /// <summary>Adds a tensor of random numbers.</summary>
    internal double[] Random(string name, ImmutableArray<int> shape, double spread = 0.4, double center = 0)
    {
        var count = shape.Aggregate(1, (product, size) => product * size);
        // As float32 has them, so that a float buffer loses nothing.
        double[] values = [.. Enumerable.Range(0, count).Select(_ => (double)(float)(center + spread * (2 * _random.Uniform(_drawn++) - 1)))];
        Tensors.Add(name, new StateTensor(StateType.Float32, shape, values));
        return values;
    }

    /// <summary>Adds a buffer.</summary>
    internal double[] Buffer(string name, StateType type, ImmutableArray<int> shape, IEnumerable<double> values)
    {
        double[] all = [.. values];
        Tensors.Add(name, new StateTensor(type, shape, all));
        return all;
    }

    /// <summary>A permutation of the columns.</summary>
    internal int[] Permutation() => [.. _random.At(_drawn++).Permutation(columns)];

    /// <summary>A linear layer <c>h Wᵀ + b</c> of random weights, masked where a mask is given: <c>[outputs][inputs]</c>.</summary>
    internal Func<double[], double[]> Linear(string prefix, int outputs, int inputs, bool[][]? mask = null)
    {
        var (weight, bias) = (Random($"{prefix}weight", [outputs, inputs]), Random($"{prefix}bias", [outputs]));
        return h => [.. Enumerable.Range(0, outputs).Select(o => bias[o] + Enumerable.Range(0, inputs).Sum(i => (mask?[o][i] ?? true) ? weight[o * inputs + i] * h[i] : 0))];
    }
}
