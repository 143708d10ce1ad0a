using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Training;

/// <summary>The layer that learns where in their steps whole numbers are best spread, which <c>--set dequantise=BINS</c> asks for.</summary>
internal static class Dequantisation
{
    private const double MostSteps = 4096; // over which a column reaches; beyond, the place in a step is lost in float32 and of no weight
    private const int Hidden = 64;
    private const int Layers = 2;

    /// <summary>The layer, in deviations of the columns.</summary>
    /// <param name="bins">Bins of its splines.</param>
    /// <param name="table">The table.</param>
    /// <param name="marginal">The fixed maps; a column that one bends is left as it is.</param>
    /// <param name="scaling">The standardisation.</param>
    /// <param name="sample">The numbers of the flow in some training rows, each column sorted.</param>
    /// <exception cref="BadInputException">No column could be spread better.</exception>
    internal static DequantizeSpec Layer(int bins, TableSpec table, MarginalSpec? marginal, StandardizeSpec scaling, double[][] sample)
    {
        if (bins < 2) throw new BadInputException($"--set dequantise={bins}: it must be 0, for an even spread, or the bins of a spline, 2 or more.");
        if (table.Missing is not null) throw new BadInputException("--set dequantise looks at every column of a row and goes with no missing values; give --missing drop, or leave it out.");
        if (table.Columns.OfType<CircleColumn>().FirstOrDefault() is { } angle) throw new BadInputException($"--set dequantise has a layer that takes every column for a number, and '{angle.Name}' is an angle; leave it out, or condition on '{angle.Name}' with --context.");
        var lattices = table.Columns.Where(column => column is not CategoryColumn).Index()
            .Where(at => at.Item is LatticeColumn lattice && (marginal is null || marginal.Maps[at.Index] is IdentityMap) && sample[at.Index][^1] - sample[at.Index][0] <= MostSteps * lattice.Step)
            .Select(at => (Column: at.Index, ((LatticeColumn)at.Item).Step)).ToList();
        if (lattices.Count == 0) throw new BadInputException($"--set dequantise finds no column of whole numbers to spread, or of multiples of a step, that reaches over {MostSteps:N0} steps at most and is neither bounded nor robust; leave it out.");
        return new DequantizeSpec(
            [.. lattices.Select(lattice => lattice.Column)],
            [.. lattices.Select(lattice => -scaling.Shift[lattice.Column] / scaling.Scale[lattice.Column])],
            [.. lattices.Select(lattice => lattice.Step / scaling.Scale[lattice.Column])],
            bins,
            new MlpSpec(Hidden, Layers));
    }
}
