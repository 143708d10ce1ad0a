using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Training;

/// <summary>The columns of a model beside those of the data that is to train it further: each must be what it was.</summary>
/// <param name="beginning">The model.</param>
/// <param name="file">The name of the data's file.</param>
internal sealed class InheritedTable(Beginning beginning, string file)
{
    private readonly ImmutableArray<ColumnSpec> _own = Columns(beginning.Flow.TableOrNumbers());

    /// <summary>Returns when the data can train the model.</summary>
    /// <param name="found">What the columns of the data are.</param>
    /// <param name="marginal">The maps of its numbers.</param>
    /// <param name="gaps">Which of its columns lack values.</param>
    /// <exception cref="BadInputException">A column is not what it was; the sentence names it.</exception>
    internal void Require(TableSpec found, MarginalSpec? marginal, ImmutableArray<bool> gaps)
    {
        foreach (var (column, own) in Columns(found).Zip(_own)) RequireKind(column, own);
        if (Enumerable.Range(0, found.Columns.Length).FirstOrDefault(i => gaps[i] && _own[i].Fill is null, -1) is >= 0 and var open)
            throw Fault(_own[open], "lacks values, which that model has not learned to do without", "leave such rows out with --missing drop");
        var numbers = found.Columns.Where(column => column is not CategoryColumn).ToArray();
        for (var i = 0; i < numbers.Length; i++) RequireMap(numbers[i], MapOf(marginal, i), MapOf(beginning.Flow.Marginal(), i));
    }

    private void RequireKind(ColumnSpec column, ColumnSpec own)
    {
        if (Word(column) != Word(own)) throw Fault(own, $"is {Word(column)}, and was {Word(own)} to that model", $"say what it is with --as {own.Name}=KIND, or train a fresh model");
        if (column is CategoryColumn category && category.Levels.Except(((CategoryColumn)own).Levels).FirstOrDefault() is { } level)
            throw Fault(own, $"has the value {NameList.Quoted(level)}, which that model has never seen", "leave such rows out, or train a fresh model");
    }

    private void RequireMap(ColumnSpec column, MarginalMap found, MarginalMap own)
    {
        if (Word(found) != Word(own)) throw Fault(column, $"is {Word(found)}, and was {Word(own)} to that model", $"say what it is with --as {column.Name}=KIND, or train a fresh model");
    }

    private BadInputException Fault(ColumnSpec column, string what, string remedy) => new($"--from {beginning.Origin}: '{file}': column '{column.Name}' {what}; {remedy}.");

    private static ImmutableArray<ColumnSpec> Columns(TableSpec table) => [.. table.Columns, .. table.Context];

    private static MarginalMap MapOf(MarginalSpec? marginal, int column) => marginal?.Maps[column] ?? new IdentityMap();

    private static string Word(ColumnSpec column) => column switch
    {
        CategoryColumn => "a category",
        LatticeColumn { Step: 1, IsDate: true } => "dates",
        LatticeColumn { Step: 1 } => "whole numbers",
        LatticeColumn lattice => string.Create(CultureInfo.InvariantCulture, $"multiples of {lattice.Step:R}"),
        CircleColumn { Step: { } step } angle => string.Create(CultureInfo.InvariantCulture, $"an angle of period {angle.Period:R} in steps of {step:R}"),
        CircleColumn angle => string.Create(CultureInfo.InvariantCulture, $"an angle of period {angle.Period:R}"),
        AngleColumn angle => string.Create(CultureInfo.InvariantCulture, $"an angle of period {angle.Period:R}"),
        { IsDate: true } => "moments",
        _ => "numbers",
    };

    /// <summary>Of an angle its column says what it is; what a robust map was fitted to is the model's.</summary>
    private static string Word(MarginalMap map) => map switch
    {
        LogitMap bounds => string.Create(CultureInfo.InvariantCulture, $"bounded by {bounds.Low:R} and {bounds.High:R}"),
        ArcsinhMap => "robust",
        CircleMap => "an angle",
        _ => "not bounded or robust",
    };
}
