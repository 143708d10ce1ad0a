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
    private readonly TrainingColumns _training;

    /// <summary>The fit of a data set and a plan; a pure function of both.</summary>
    /// <param name="data">The rows of the run.</param>
    /// <param name="selection">What the plan says of the columns.</param>
    internal TableFit(TrainingData data, DataSelection selection) =>
        (_manifest, _kinds, _training) = (data.Dataset.Manifest, DeclaredKinds.Of(selection), new TrainingColumns(data));

    /// <summary>The table.</summary>
    /// <param name="gaps">Whether a column lacks values; see <see cref="Gaps"/>.</param>
    /// <exception cref="BadInputException">A column is declared what it cannot be.</exception>
    internal TableSpec Table(ImmutableArray<bool> gaps)
    {
        var modelled = _manifest.Columns.Take(_manifest.Dimension).Select((column, i) => Column(column, isModelled: true) with { Fill = gaps[i] ? At(i, 0.5) : null }).ToImmutableArray();
        if (modelled.OfType<CircleColumn>().FirstOrDefault() is { } angle && gaps.Any(hasGaps => hasGaps))
            throw new BadInputException($"--missing mask leaves some values out, and a flow with an angle, '{angle.Name}', needs all of them; leave such rows out with --missing drop.");
        return new(modelled, [.. _manifest.Columns.Skip(_manifest.Dimension).Select(column => Column(column, isModelled: false))]);
    }

    /// <summary>The fixed maps of the numbers that are modelled; null where no column is declared to have one.</summary>
    /// <exception cref="BadInputException">A column reaches beyond its declared bounds.</exception>
    internal MarginalSpec? Marginal(string file)
    {
        ImmutableArray<MarginalMap> maps = [.. Enumerable.Range(0, _manifest.Dimension).Where(column => _manifest.Columns[column].Levels is null).Select(column => Map(column, file))];
        return maps.All(map => map is IdentityMap) ? null : new MarginalSpec(maps);
    }

    private ColumnSpec Column(ManifestColumn column, bool isModelled) => (_kinds[column.Name], column.Levels) switch
    {
        (_, { } levels) => new CategoryColumn(column.Name, levels),
        ({ Word: "lattice" } lattice, _) => new LatticeColumn(column.Name, Multiples(column, lattice.Numbers[0], $"lattice:{lattice.Numbers[0]:R}")),
        ({ Word: "angle" } angle, _) when isModelled => Circle(column, angle.Numbers[0]),
        ({ Word: "angle" } angle, _) => new AngleColumn(column.Name, angle.Numbers[0]),
        ({ Word: "whole" }, _) => new LatticeColumn(column.Name, Multiples(column, step: 1, "whole")) { IsDate = column.IsDate },
        (null, _) when isModelled && column.IsWhole => new LatticeColumn(column.Name, Step: 1) { IsDate = column.IsDate },
        _ => new NumberColumn(column.Name) { IsDate = column.IsDate },
    };

    /// <summary>Draws lie where the values do: from zero on, or around it. Whole values of a whole turn are spread, as they are on a line.</summary>
    private static CircleColumn Circle(ManifestColumn column, double period) => new(
        column.Name, period, From: column.Min < 0 && column.Min >= -period / 2 && column.Max <= period / 2 ? -period / 2 : 0, Step: column.IsWhole && double.IsInteger(period) ? 1 : null);

    /// <summary>The step, where the values that are known of the column are multiples of it.</summary>
    private static double Multiples(ManifestColumn column, double step, string kind)
    {
        const double Rounding = 1e-9;

        var odd = column.Quantiles.Prepend(column.Max).Prepend(column.Min).FirstOrDefault(value => Math.Abs(value / step - Math.Round(value / step)) > Rounding * Math.Max(1, Math.Abs(value / step)), double.NaN);
        return double.IsNaN(odd) ? step : throw new BadInputException(
            string.Create(CultureInfo.InvariantCulture, $"--as {column.Name}={kind}: column '{column.Name}' has {odd:R}, which is no multiple of {step:R}; give the step that all of its values are multiples of, or leave the declaration out."));
    }

    private MarginalMap Map(int column, string file) => _kinds[_manifest.Columns[column].Name] switch
    {
        { Word: "bounded", Numbers: var bounds } => Bounded(_manifest.Columns[column], bounds[0], bounds[1], file),
        { Word: "robust" } => Robust(column),
        { Word: "angle", Numbers: [var period] } => new CircleMap(period, Circle(_manifest.Columns[column], period).From),
        _ => new IdentityMap(),
    };

    private static LogitMap Bounded(ManifestColumn column, double low, double high, string file) => column.Min > low && column.Max < high ? new LogitMap(low, high) : throw new BadInputException(
        $"'{file}': column '{column.Name}' reaches from {column.Min:G7} to {column.Max:G7}, and --as {column.Name}=bounded:{low:R}:{high:R} leaves no density on the bounds or beyond; widen them.");

    /// <summary>The median, and the deviation that a normal column with these quartiles has; where half of the values are one, the column's own. Of the training rows.</summary>
    private ArcsinhMap Robust(int column)
    {
        const double QuartilesOfNormal = 1.3489795; // apart, in deviations

        var (lower, median, upper) = (At(column, 0.25), At(column, 0.5), At(column, 0.75));
        return new ArcsinhMap(median, upper > lower ? (upper - lower) / QuartilesOfNormal : Deviation(column));
    }

    private double Deviation(int column) => _training.Deviation(column) is > 0 and var deviation ? deviation : _manifest.Columns[column].Deviation; // of one that does not train: it is refused for that

    private double At(int column, double share) => _training.Quantile(column, share) ?? _manifest.Columns[column].Mean; // likewise
}
