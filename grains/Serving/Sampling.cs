using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;

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
        var encoder = model.Encoder;
        var latent = new float[rows * encoder.FlowDimension];
        random.Normals(first * encoder.FlowDimension, latent);
        var drawn = new double[latent.Length];
        var table = Categories(random.At(-1), first, rows);
        flow.Generate(latent, Context(table, context, rows), drawn);
        encoder.Decode(drawn, table);
        return new Block<double>(table);
    }

    /// <summary>As many samples <c>[B, D]</c> of a flow as there are rows <c>[B, D + C]</c> of it, each given the context of its row.</summary>
    internal static double[] Beside(IFlowEngine flow, CounterRandom random, ReadOnlySpan<double> rows)
    {
        var (d, c) = (flow.Spec.Columns.Length, flow.Spec.Context.Length);
        var latent = new float[rows.Length / (d + c) * d];
        random.Normals(0, latent);
        var samples = new double[latent.Length];
        flow.Generate(latent, RoundTrip.Context(rows, d, c), samples);
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
    private double[] Context(double[] table, ReadOnlySpan<double> given, int rows)
    {
        var (width, columns) = (model.Encoder.Width, model.Encoder.Table.Columns.Length);
        var whole = new double[rows * width];
        for (var row = 0; row < rows; row++)
        {
            table.AsSpan(row * columns, columns).CopyTo(whole.AsSpan(row * width));
            given.CopyTo(whole.AsSpan(row * width + columns));
        }

        return model.Encoder.EncodeContext(whole);
    }
}
