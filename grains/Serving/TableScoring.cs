using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>Scores rows of a table. Runs on a slot's thread.</summary>
internal static class TableScoring
{
    /// <summary>The log-densities of rows <c>[B, W]</c>, and their latents <c>[B, D]</c> where they are asked for.</summary>
    internal static Densities Score(IFlowEngine flow, RowEncoder encoder, ReadOnlySpan<double> table, bool latent)
    {
        var count = table.Length / encoder.Width;
        var (scores, z) = (new float[count], latent ? new float[count * encoder.FlowDimension] : []);
        flow.LogDensity(Encoded(encoder, table), scores, z);
        return new Densities(new Block<float>(scores), latent ? new Block<float>(z) : null);
    }

    /// <summary>The rows as the flow takes them; where that is how they are, no copy.</summary>
    internal static ReadOnlySpan<double> Encoded(RowEncoder encoder, ReadOnlySpan<double> table)
    {
        if (encoder.Table.IsNumbers) return table;
        var rows = new double[table.Length / encoder.Width * encoder.FlowWidth];
        encoder.Encode(table, rows);
        return rows;
    }
}
