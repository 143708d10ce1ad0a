using System.Collections.Immutable;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Interchange;

/// <summary>Makes a flow of another library's state dict.</summary>
public static class FlowImport
{
    /// <summary>The libraries whose state dicts are known.</summary>
    public static ImmutableArray<string> Libraries { get; } = [.. Library.All.Select(library => library.Name)];

    /// <summary>Reads a flow.</summary>
    /// <param name="library">One of <see cref="Libraries"/>.</param>
    /// <param name="tensors">The state dict.</param>
    /// <param name="spec">What it does not say.</param>
    /// <exception cref="ArgumentException">It is none of a flow that we have: every tensor that is missing, of another shape or unknown, a sentence each.</exception>
    public static ImportedFlow Read(string library, IReadOnlyDictionary<string, StateTensor> tensors, StateDictSpec spec)
    {
        var (from, state) = (Library.Named(library), new StateReader(tensors));
        var found = from.Read(state, spec);
        found = found with { Layers = found.Layers.RemoveAll(layer => layer.Transforms.IsEmpty) }; // of nothing known, which is said at the end
        var flow = Validated(Flow(spec, found), state);
        var correspondence = from.Tensors(flow, found.Layers);
        var parameters = new double[flow.Layout().Count];
        foreach (var link in correspondence.Links)
        {
            if (state.Take(link.Name, link.Shape) is { } values) link.Import(values, parameters);
        }

        foreach (var constant in correspondence.Constants) state.Expect(constant);
        state.End();
        var imported = new ImportedFlow(flow, parameters, correspondence, Ends(found));
        if (spec.Proof is { } proof) imported.Prove(proof);
        return imported;
    }

    private static FlowSpec Validated(FlowSpec flow, StateReader state)
    {
        try
        {
            return flow.Validated();
        }
        catch (ArgumentException fault)
        {
            state.Refuse(fault.Message);
            state.Stop();
            throw;
        }
    }

    private static FlowSpec Flow(StateDictSpec spec, ForeignFlow found)
    {
        var given = spec.Standardize ?? Identity(spec.Columns.Length);
        return new FlowSpec
        {
            Preset = spec.Architecture.Preset(),
            Columns = spec.Columns,
            Context = spec.Context,
            ContextScaling = spec.Context.IsEmpty ? null : spec.ContextScaling ?? Identity(spec.Context.Length),
            Transforms = [found.Front is { } front ? FrontAffine.Joined(given, front) : given, .. found.Layers.SelectMany(layer => layer.Transforms)],
        };
    }

    private static StandardizeSpec Identity(int columns) => new([.. Enumerable.Repeat(0.0, columns)], [.. Enumerable.Repeat(1.0, columns)]);

    private static ImmutableArray<int> Ends(ForeignFlow found)
    {
        var end = 1; // behind the standardisation
        return [.. found.Layers.Select(layer => end += layer.Transforms.Length)];
    }
}

/// <summary>A flow that was another library's.</summary>
public sealed class ImportedFlow
{
    internal ImportedFlow(FlowSpec flow, double[] parameters, Correspondence tensors, ImmutableArray<int> layerEnds) =>
        (Flow, Parameters, Tensors, LayerEnds) = (flow, parameters, tensors, layerEnds);

    /// <summary>What it is here.</summary>
    public FlowSpec Flow { get; }

    /// <summary>Its parameters, <c>[P]</c>, in the precision of the file.</summary>
    public double[] Parameters { get; }

    /// <summary>Which tensor is which parameter.</summary>
    internal Correspondence Tensors { get; }

    /// <summary>The log-density of each row <c>[B, D + C]</c>, nats, in float64.</summary>
    public double[] LogDensity(double[] rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = FlowGrain.Flows.Flow.Build(Flow, ScalarType.Float64);
        flow.Parameters.Values.copy_(tensor(Parameters));
        var (d, c) = (Flow.Columns.Length, Flow.Context.Length);
        var all = tensor(rows, rows.Length / (d + c), d + c);
        return flow.LogProb(all.narrow(1, 0, d), c == 0 ? null : all.narrow(1, d, c)).data<double>().ToArray();
    }

    /// <summary>Returns when it gives the rows the log-densities that Python gave them.</summary>
    /// <exception cref="ArgumentException">It gives others; the sentence says which, and what may be the reason.</exception>
    internal void Prove(StateDictProof proof)
    {
        const double Nats = 1e-3; // Python computes in float32, as a rule
        const double Relative = 1e-4;

        var width = Flow.Columns.Length + Flow.Context.Length;
        if (proof.Rows.IsDefaultOrEmpty || proof.LogProb.IsDefault || proof.Rows.Length != proof.LogProb.Length || proof.Rows.Any(row => row.IsDefault || row.Length != width))
            throw new ArgumentException($"'proof' must have rows of {width} numbers, the columns and then the context, and in 'logProb' a number for each.");
        foreach (var (row, here) in LogDensity([.. proof.Rows.SelectMany(row => row)]).Index())
        {
            if (!(Math.Abs(here - proof.LogProb[row]) <= Nats + Relative * Math.Abs(proof.LogProb[row])))
                throw new ArgumentException($"Row {row} of 'proof' has the log-density {here:R} here and {proof.LogProb[row]:R} in Python: the state dict is of another flow than its description says. Look at the activation, which must be ReLU, at the tail bound, and at what was standardised.");
        }
    }

    /// <summary>For each of the library's layers, one past the last transform that it became.</summary>
    internal ImmutableArray<int> LayerEnds { get; }
}
