using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Training;

/// <summary>What the columns of a data set are to a flow: as its user declared them, else as their values suggest.</summary>
internal sealed class TableFit
{
    private readonly Manifest _manifest;
    private readonly DeclaredKinds _kinds;

    private TableFit(Manifest manifest, DeclaredKinds kinds) => (_manifest, _kinds) = (manifest, kinds);

    /// <summary>The table of a data set and a plan; a pure function of both.</summary>
    /// <param name="manifest">The data set's.</param>
    /// <param name="selection">What the plan says of the columns.</param>
    /// <param name="gaps">Whether a column lacks values; see <see cref="Gaps"/>.</param>
    internal static TableSpec Of(Manifest manifest, DataSelection selection, ImmutableArray<bool> gaps)
    {
        var fit = new TableFit(manifest, DeclaredKinds.Of(selection));
        return new TableSpec(
            [.. manifest.Columns.Take(manifest.Dimension).Select((column, i) => fit.Column(column, isModelled: true) with { Fill = gaps[i] ? At(column, 0.5) : null })],
            [.. manifest.Columns.Skip(manifest.Dimension).Select(column => fit.Column(column, isModelled: false))]);
    }

    /// <summary>The fixed maps of the numbers that are modelled; null where no column is declared to have one.</summary>
    /// <exception cref="BadInputException">A column reaches beyond its declared bounds.</exception>
    internal static MarginalSpec? Marginal(Manifest manifest, DataSelection selection, string file)
    {
        var fit = new TableFit(manifest, DeclaredKinds.Of(selection));
        ImmutableArray<MarginalMap> maps = [.. manifest.Columns.Take(manifest.Dimension).Where(column => column.Levels is null).Select(column => fit.Map(column, file))];
        return maps.All(map => map is IdentityMap) ? null : new MarginalSpec(maps);
    }

    private ColumnSpec Column(ManifestColumn column, bool isModelled) => (_kinds[column.Name], column.Levels) switch
    {
        (_, { } levels) => new CategoryColumn(column.Name, levels),
        ({ Word: "lattice" } lattice, _) => new LatticeColumn(column.Name, Multiples(column, lattice.Numbers[0], $"lattice:{lattice.Numbers[0]:R}")),
        ({ Word: "angle" } angle, _) => new AngleColumn(column.Name, angle.Numbers[0]),
        ({ Word: "whole" }, _) => new LatticeColumn(column.Name, Multiples(column, step: 1, "whole")),
        (null, _) when isModelled && column.IsWhole => new LatticeColumn(column.Name, Step: 1),
        _ => new NumberColumn(column.Name),
    };

    /// <summary>The step, where the values that are known of the column are multiples of it.</summary>
    private static double Multiples(ManifestColumn column, double step, string kind)
    {
        const double Rounding = 1e-9;

        var odd = column.Quantiles.Prepend(column.Max).Prepend(column.Min).FirstOrDefault(value => Math.Abs(value / step - Math.Round(value / step)) > Rounding * Math.Max(1, Math.Abs(value / step)), double.NaN);
        return double.IsNaN(odd) ? step : throw new BadInputException(
            string.Create(CultureInfo.InvariantCulture, $"--as {column.Name}={kind}: column '{column.Name}' has {odd:R}, which is no multiple of {step:R}; give the step that all of its values are multiples of, or leave the declaration out."));
    }

    private MarginalMap Map(ManifestColumn column, string file) => _kinds[column.Name] switch
    {
        { Word: "bounded", Numbers: var bounds } => Bounded(column, bounds[0], bounds[1], file),
        { Word: "robust" } => Robust(column),
        _ => new IdentityMap(),
    };

    private static LogitMap Bounded(ManifestColumn column, double low, double high, string file) => column.Min > low && column.Max < high ? new LogitMap(low, high) : throw new BadInputException(
        $"'{file}': column '{column.Name}' reaches from {column.Min:G7} to {column.Max:G7}, and --as {column.Name}=bounded:{low:R}:{high:R} leaves no density on the bounds or beyond; widen them.");

    /// <summary>The median, and the deviation that a normal column with these quartiles has; where half of the values are one, the column's own.</summary>
    private static ArcsinhMap Robust(ManifestColumn column)
    {
        const double QuartilesOfNormal = 1.3489795; // apart, in deviations

        var (lower, median, upper) = (At(column, 0.25), At(column, 0.5), At(column, 0.75));
        return new ArcsinhMap(median, upper > lower ? (upper - lower) / QuartilesOfNormal : column.Deviation);
    }

    private static double At(ManifestColumn column, double share) => column.Quantiles[TableStatistics.Shares.IndexOf(share)];
}
