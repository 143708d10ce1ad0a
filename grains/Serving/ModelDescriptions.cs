using System.Collections.Immutable;
using FlowGrain.Flows;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>Describes versions of models from their folders.</summary>
internal static class ModelDescriptions
{
    /// <summary>A version that is there, whatever state its folder is in.</summary>
    /// <param name="store">The registry.</param>
    /// <param name="name">The model.</param>
    /// <param name="version">The version.</param>
    /// <param name="checks">Verifies the weights too; null to look at the small files alone.</param>
    internal static ModelDescription OfAny(ModelStore store, string name, int version, FolderChecks? checks = null)
    {
        try
        {
            checks?.Require(name, version);
            return Of(store, name, version);
        }
        catch (BadInputException damaged)
        {
            return new ModelDescription(
                name, version, "", [], [], 0, double.NaN, double.NaN, double.NaN, double.NaN, "", store.PathOf(name, version), [], [], damaged.Message);
        }
    }

    /// <summary>A version that is there and can be used.</summary>
    /// <exception cref="BadInputException">Its folder is damaged.</exception>
    internal static ModelDescription Of(ModelStore store, string name, int version)
    {
        var (flow, record) = store.Describe(name, version);
        var (result, model) = (record.Result, store.Find(name));
        var table = flow.TableOrNumbers();
        return new ModelDescription(
            name, version, flow.Preset, Names(table.Columns), Names(table.Context), result.Parameters, result.TrainNll, result.ValidationNll,
            result.GaussianNll, record.RoundTripError, result.WeightsSha256, store.PathOf(name, version), [.. table.Columns.Select(column => Range(flow, record, column))], [.. table.Context.Select(column => ContextRange(flow, column))])
        {
            Objective = RunObjective.Of(flow),
            Abilities = Abilities.Of(flow),
            Base = flow.Shape() switch { { Circles: null } => flow.Base.Name, var shape when shape.Circles.Columns.Length == shape.Dimension => UniformAngles, _ => $"{flow.Base.Name} and {UniformAngles}" },
            DataRoot = record.DataRoot,
            Aliases = model.AliasesOf(version),
            IsUnloaded = model.Registration.IsUnloaded,
            Levels = table.Columns.Concat(table.Context).OfType<CategoryColumn>().ToImmutableDictionary(column => column.Name, column => column.Levels),
            Whole = Names(table.Columns.Where(column => column.SpreadOver() == 1)),
            Angles = Names(table.Columns.OfType<CircleColumn>()),
            Dates = Names(table.Columns.Concat(table.Context).Where(column => column.IsDate)),
        };
    }

    private const string UniformAngles = "uniform for angles";

    private static ImmutableArray<string> Names(IEnumerable<ColumnSpec> columns) => [.. columns.Select(column => column.Name)];

    /// <summary>Half a level to either side of a category's indices.</summary>
    private static ColumnRange OfLevels(CategoryColumn column) => new(-0.5, column.Levels.Length - 0.5);

    private static ColumnRange Range(FlowSpec flow, RunRecord record, ColumnSpec column) => column is CategoryColumn category ? OfLevels(category) : record.Ranges[flow.Columns.IndexOf(column.Name)];

    // A record keeps quantiles of the modelled columns alone; of the context the flow knows mean and deviation.
    private static ColumnRange ContextRange(FlowSpec flow, ColumnSpec column)
    {
        const double Deviations = 3; // 99.7% of a normal column, and at least 8 in 9 rows of any
        return column switch
        {
            CategoryColumn category => OfLevels(category),
            AngleColumn => new ColumnRange(double.NegativeInfinity, double.PositiveInfinity),
            _ => Around(flow.ContextScaling!, flow.Context.IndexOf(column.Name)),
        };

        static ColumnRange Around(StandardizeSpec scaling, int index) =>
            new(scaling.Shift[index] - Deviations * scaling.Scale[index], scaling.Shift[index] + Deviations * scaling.Scale[index]);
    }
}
