using System.Collections.Immutable;
using System.Globalization;

namespace FlowGrain.Flows.Interchange;

/// <summary>Takes the tensors of a state dict by their names, and keeps what is wrong with them, so that all of it can be said at once.</summary>
internal sealed class StateReader(IReadOnlyDictionary<string, StateTensor> tensors)
{
    private readonly Dictionary<string, StateTensor> _tensors = new(tensors);
    private readonly HashSet<string> _taken = [];
    private readonly List<string> _problems = [];

    /// <summary>What comes directly below a prefix, such as <c>weight</c> or <c>blocks</c>, in the order of the file.</summary>
    internal ImmutableArray<string> Below(string prefix) =>
        [.. tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..].Split('.')[0]).Distinct()];

    /// <summary>The numbers that come directly below a prefix, ascending.</summary>
    internal ImmutableArray<int> Numbers(string prefix) =>
        [.. Below(prefix).Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).Where(number => number >= 0).Order()];

    internal bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>The rows of a matrix; 0 where it is absent, for which whoever takes it will be blamed.</summary>
    internal int Rows(string name) => _tensors.TryGetValue(name, out var tensor) && tensor.Shape is [var rows, _] ? rows : 0;

    /// <summary>A tensor of any shape; one that is absent is a problem.</summary>
    internal StateTensor? Take(string name)
    {
        _taken.Add(name);
        if (_tensors.TryGetValue(name, out var tensor)) return tensor;
        _problems.Add($"Tensor '{name}' is missing.");
        return null;
    }

    /// <summary>The numbers of a tensor of this shape; null where there is none, which is a problem.</summary>
    internal double[]? Take(string name, ImmutableArray<int> shape)
    {
        if (Take(name) is not { } tensor) return null;
        if (!tensor.Shape.AsSpan().SequenceEqual(shape.AsSpan())) Refuse(name, $"has the shape {StateTensor.Text(tensor.Shape)} where {StateTensor.Text(shape)} is expected");
        else if (!tensor.Values.All(double.IsFinite)) Refuse(name, "has a number that is not finite");
        else return tensor.Values;
        return null;
    }

    /// <summary>A vector of whole numbers, not taken yet; empty where there is none.</summary>
    internal ImmutableArray<int> Whole(string name) => _tensors.TryGetValue(name, out var tensor) && tensor.Values.All(double.IsInteger) ? [.. tensor.Values.Select(value => (int)value)] : [];

    /// <summary>Takes a vector of whole numbers.</summary>
    internal ImmutableArray<int> TakeWhole(string name, int? length = null)
    {
        var values = length is { } count ? Take(name, [count]) : Take(name)?.Values;
        return [.. values?.Select(value => (int)value) ?? []];
    }

    /// <summary>Requires that a tensor is what it must be for the flow that was read.</summary>
    internal void Expect(TensorConstant constant)
    {
        if (constant.IsOptional && !Has(constant.Name)) return;
        if (Take(constant.Name, constant.Value.Shape) is { } values && constant.IsFixed && !values.AsSpan().SequenceEqual(constant.Value.Values))
            Refuse(constant.Name, constant.Fault);
    }

    /// <summary>Takes some tensors away and puts others in their place, which are equal to them.</summary>
    internal void Replace(IEnumerable<string> taken, IEnumerable<(string Name, StateTensor Tensor)> put)
    {
        foreach (var name in taken) _taken.Add(name);
        foreach (var (name, tensor) in put) _tensors[name] = tensor;
    }

    /// <summary>Reads a layer; where something is wrong with it, its other tensors are not named as unknown.</summary>
    internal T Reading<T>(string prefix, Func<T> read)
    {
        var before = _problems.Count;
        var layer = read();
        if (_problems.Count > before) _taken.UnionWith(tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)));
        return layer;
    }

    /// <summary>Says what is wrong with a tensor, as a clause.</summary>
    internal void Refuse(string name, string why)
    {
        _taken.Add(name);
        _problems.Add($"Tensor '{name}' {why}.");
    }

    /// <summary>Says what is wrong with all of them.</summary>
    internal void Refuse(string sentence) => _problems.Add(sentence);

    /// <summary>Returns when every tensor was taken and nothing was wrong.</summary>
    /// <exception cref="ArgumentException">All that was, a sentence each.</exception>
    internal void End()
    {
        var unknown = tensors.Keys.Where(name => !_taken.Contains(name)).Select(name => $"'{name}'").ToArray();
        if (unknown.Length > 0) _problems.Add($"What can be imported has no tensor {string.Join(", ", unknown)}.");
        Stop();
    }

    /// <summary>Says what is wrong, beside which nothing else matters.</summary>
    /// <exception cref="ArgumentException">Always.</exception>
    internal void Stop(string sentence)
    {
        Refuse(sentence);
        Stop();
    }

    /// <summary>Returns when nothing was wrong so far.</summary>
    /// <exception cref="ArgumentException">All that was, a sentence each.</exception>
    internal void Stop()
    {
        if (_problems.Count > 0) throw new ArgumentException(string.Join(" ", _problems.Distinct()));
    }
}
