using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FlowGrain.Flows.Tables;

/// <summary>How a row of a table becomes the row of numbers that a flow takes.</summary>
/// <remarks>Modelled categories come first: the other modelled columns are conditioned on them, and they have a density of their own.</remarks>
/// <param name="Columns">The columns modelled, in the order of the table's row.</param>
/// <param name="Context">The columns conditioned on, after them.</param>
public sealed record TableSpec(ImmutableArray<ColumnSpec> Columns, ImmutableArray<ColumnSpec> Context)
{
    /// <summary>Numbers in a row of the table.</summary>
    [JsonIgnore]
    public int Width => Columns.Length + Context.Length;

    /// <summary>Names of all columns, those modelled first.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Names => [.. Columns.Concat(Context).Select(column => column.Name)];

    /// <summary>The modelled categories, which the flow is conditioned on.</summary>
    [JsonIgnore]
    public ImmutableArray<CategoryColumn> Categories => [.. Columns.OfType<CategoryColumn>()];

    /// <summary>Names of the numbers that the flow models.</summary>
    [JsonIgnore]
    public ImmutableArray<string> FlowColumns => [.. Columns.Where(column => column.IsContinuous).SelectMany(column => column.Numbers)];

    /// <summary>Names of the numbers that it is conditioned on: last, which of the columns that may lack a value have one.</summary>
    [JsonIgnore]
    public ImmutableArray<string> FlowContext => [.. Given.SelectMany(column => column.Numbers), .. Columns.Where(column => column.Fill is not null).Select(column => $"{column.Name} is known")];

    /// <summary>For every number of the flow's context whether it is the indicator of a level, or of a value that is there.</summary>
    [JsonIgnore]
    public ImmutableArray<bool> Indicators => [.. Given.SelectMany(column => column.Numbers.Select(_ => column is CategoryColumn)), .. Columns.Where(column => column.Fill is not null).Select(_ => true)];

    /// <summary>The numbers of the flow that may lack a value; null where none may.</summary>
    [JsonIgnore]
    public ImmutableArray<int>? Missing => Columns.Where(column => column.IsContinuous).SelectMany(column => column.Numbers.Select(_ => column.Fill is not null)).Index().Where(at => at.Item).Select(at => at.Index).ToImmutableArray() is { IsEmpty: false } missing ? missing : null;

    private IEnumerable<ColumnSpec> Given => Columns.Where(column => !column.IsContinuous).Concat(Context);

    /// <summary>A table of numbers that are taken as they are.</summary>
    public static TableSpec OfNumbers(IEnumerable<string> columns, IEnumerable<string> context) =>
        new([.. columns.Select(name => new NumberColumn(name))], [.. context.Select(name => new NumberColumn(name))]);

    /// <summary>Whether all columns are numbers that are taken as they are, so that a row of the table is the flow's.</summary>
    [JsonIgnore]
    public bool IsNumbers => Columns.Concat(Context).All(column => column is NumberColumn { Fill: null });

    /// <summary>Whether it says no more than the names of numbers.</summary>
    [JsonIgnore]
    public bool IsPlain => IsNumbers && Columns.Concat(Context).All(column => !column.IsDate);

    /// <summary>The same table with names that say nothing.</summary>
    internal TableSpec Nameless() => new(
        [.. Columns.Select((column, i) => column with { Name = $"x{i}" })], [.. Context.Select((column, i) => column with { Name = $"c{i}" })]);

    /// <summary>What is wrong with it for a flow of these numbers, a sentence each.</summary>
    internal IEnumerable<string> Problems(ImmutableArray<string> columns, ImmutableArray<string> context)
    {
        if (Columns.IsDefault || Context.IsDefault || Columns.Concat(Context).Any(column => column is null))
        {
            yield return "a column is null.";
            yield break;
        }

        foreach (var problem in Columns.Concat(Context).SelectMany(column => column.Problems())) yield return problem;
        if (Columns.Concat(Context).FirstOrDefault(column => column.Fill is { } fill && !(double.IsFinite(fill) && column.IsContinuous && Columns.Contains(column))) is { } filled) yield return $"'{filled.Name}' has the fill {filled.Fill}; only modelled numbers have one, and it is finite.";
        if (Columns.OfType<AngleColumn>().FirstOrDefault() is { } angle) yield return $"'{angle.Name}' is an angle to condition on, and is modelled; make it a 'circle'.";
        if (Context.OfType<CircleColumn>().FirstOrDefault() is { } circle) yield return $"'{circle.Name}' is an angle to model, and is conditioned on; make it an 'angle'.";
        if (!FlowColumns.SequenceEqual(columns) || !FlowContext.SequenceEqual(context)) yield return "its columns do not give the numbers that the flow has.";
    }

    /// <summary>Whether two tables have equal columns.</summary>
    public bool Equals(TableSpec? other) => other is not null && Columns.AsSpan().SequenceEqual(other.Columns.AsSpan()) && Context.AsSpan().SequenceEqual(other.Context.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Columns.Length, Context.Length);
}
