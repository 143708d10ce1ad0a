using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Training;

/// <summary>The log-density that a Gaussian gives to the values that rows of a flow have, given the context: its marginal over them.</summary>
internal sealed class PartialGaussian
{
    private const int MostKept = 1_024; // factors of a matrix each

    private readonly Gaussian _whole;
    private readonly int _d;
    private readonly int[] _missing; // columns that may lack a value
    private readonly Dictionary<string, (Gaussian? Marginal, int[] Columns)> _marginals = [];

    internal PartialGaussian(Gaussian whole, FlowSpec flow) => (_whole, _d, _missing) = (whole, flow.Columns.Length, [.. flow.Missing ?? []]);

    /// <summary>Columns of the context that are none that say which values there are.</summary>
    internal static int ContextOf(FlowSpec flow) => flow.Context.Length - (flow.Missing?.Length ?? 0);

    /// <summary>log p of a row <c>[D + C]</c>, nats.</summary>
    internal double LogDensity(ReadOnlySpan<double> row)
    {
        if (_missing.Length == 0) return _whole.LogDensity(row);
        var flags = row[^_missing.Length..];
        Span<char> key = stackalloc char[_missing.Length];
        for (var i = 0; i < flags.Length; i++) key[i] = flags[i] == 0 ? '0' : '1';
        var (marginal, columns) = Marginal(key);
        if (marginal is null) return 0; // nothing is there
        Span<double> part = stackalloc double[columns.Length];
        for (var i = 0; i < columns.Length; i++) part[i] = row[columns[i]];
        return marginal.LogDensity(part);
    }

    /// <summary>The Gaussian of the columns that are there, and which of a row they are.</summary>
    private (Gaussian? Marginal, int[] Columns) Marginal(ReadOnlySpan<char> known)
    {
        if (_marginals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(known, out var found)) return found;
        if (_marginals.Count == MostKept) _marginals.Clear();
        var (c, key) = (_whole.Context, known.ToString());
        int[] there = [.. Enumerable.Range(0, _d).Where(column => Array.IndexOf(_missing, column) is var i && (i < 0 || key[i] == '1'))];
        int[] joint = [.. Enumerable.Range(0, c), .. there.Select(column => c + column)]; // the context first
        var covariance = new double[joint.Length, joint.Length];
        for (var i = 0; i < joint.Length; i++)
            for (var j = 0; j < joint.Length; j++) covariance[i, j] = _whole.Covariance[joint[i], joint[j]];
        var marginal = there.Length == 0 ? null : new Gaussian([.. joint.Select(i => _whole.Mean[i])], covariance, c);
        return _marginals[key] = (marginal, [.. there, .. Enumerable.Range(_d, c)]);
    }
}
