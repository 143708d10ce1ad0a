using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Serving;

/// <summary>Draws rows of a model's table; draw <c>i</c> depends on the stream and on <c>i</c> alone. Runs on a slot's thread.</summary>
internal sealed class Sampling(ModelEngine model, IFlowEngine flow)
{
    /// <summary>Draws number <paramref name="first"/> and following: the modelled columns, <c>[rows, columns]</c> in the units of the data.</summary>
    /// <param name="random">The stream.</param>
    /// <param name="first">Index of the first draw.</param>
    /// <param name="rows">How many draws.</param>
    /// <param name="context">What every draw is conditioned on: a number for each context column of the table.</param>
    internal Block<double> Draw(CounterRandom random, long first, int rows, ReadOnlySpan<double> context)
    {
        var table = Categories(random.At(-1), first, rows);
        var given = Context(table, context);
        var latent = Latents(random, first, rows, given);
        var drawn = new double[latent.Length];
        flow.Generate(latent, given, drawn);
        model.Encoder.Decode(drawn, table);
        return new Block<double>(table);
    }

    /// <summary>Two coordinates of draws on their way from the base to the data, layer by layer, op by op: what each makes of them.</summary>
    /// <param name="request">Which draws.</param>
    /// <param name="x">The first coordinate, from 0.</param>
    /// <param name="y">The second.</param>
    /// <param name="cancellation">Ends it, between two layers too.</param>
    internal ImmutableArray<PushedLayer> Layers(SampleRequest request, int x, int y, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // on the slot: it may have waited long
        using var steps = Flow.Build(flow.Spec);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        flow.Parameters.CopyTo(MemoryMarshal.Cast<byte, float>(steps.Parameters.Values.bytes));
        var random = new CounterRandom(request.Seed, "sample");
        var context = Context(Categories(random.At(-1), request.First, request.Rows), request.Context.Span);
        var given = context.Length == 0 ? null : tensor(context, request.Rows, context.Length / request.Rows);
        var latent = tensor(Latents(random, request.First, request.Rows, context), request.Rows, model.Encoder.FlowDimension);
        return [.. steps.Pushforward(latent, given).Select(Pushed)];

        PushedLayer Pushed((TransformSpec? After, Tensor Value) layer)
        {
            cancellation.ThrowIfCancellationRequested();
            return new PushedLayer(layer.After?.Name ?? "base", Coordinates(layer.Value, x, y));
        }
    }

    private static Block<float> Coordinates(Tensor values, int x, int y) =>
        new(values.index_select(1, tensor(new long[] { x, y })).to_type(ScalarType.Float32).contiguous().data<float>().ToArray());

    private float[] Latents(CounterRandom random, long first, int rows, double[] context)
    {
        var latent = new float[rows * model.Encoder.FlowDimension];
        flow.Draw(random, first, context, latent);
        return latent;
    }

    /// <summary>As many samples <c>[B, D]</c> of a flow as there are rows <c>[B, D + C]</c> of it, each given the context of its row.</summary>
    internal static double[] Beside(IFlowEngine flow, CounterRandom random, ReadOnlySpan<double> rows)
    {
        var (d, c) = (flow.Spec.Columns.Length, flow.Spec.Context.Length);
        var context = RoundTrip.Context(rows, d, c);
        var latent = new float[rows.Length / (d + c) * d];
        flow.Draw(random, 0, context, latent);
        var samples = new double[latent.Length];
        flow.Generate(latent, context, samples);
        return samples;
    }

    /// <summary>Rows in which the modelled categories are drawn, and nothing else.</summary>
    private double[] Categories(CounterRandom random, long first, int rows)
    {
        var width = model.Encoder.Table.Columns.Length;
        var table = new double[rows * width];
        if (model.Categories is not { } categories) return table;
        int[] places = [.. Enumerable.Range(0, width).Where(column => model.Encoder.Table.Columns[column] is Flows.Tables.CategoryColumn)];
        var levels = new int[places.Length];
        for (var row = 0; row < rows; row++)
        {
            categories.Draw(random, first + row, levels);
            for (var i = 0; i < places.Length; i++) table[row * width + places[i]] = levels[i];
        }

        return table;
    }

    /// <summary>The flow's context: the drawn categories and what was given.</summary>
    private double[] Context(double[] table, ReadOnlySpan<double> given) => model.Encoder.EncodeContext(model.Encoder.Join(table, given));
}
