using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FlowGrain.Flows.Tables;

/// <summary>What a column of a table is to the flow, as data. A new kind adds a record in a file and a line here.</summary>
/// <param name="Name">Its name in the table.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(NumberColumn), "number")]
[JsonDerivedType(typeof(LatticeColumn), "lattice")]
[JsonDerivedType(typeof(AngleColumn), "angle")]
[JsonDerivedType(typeof(CircleColumn), "circle")]
[JsonDerivedType(typeof(CategoryColumn), "category")]
public abstract record ColumnSpec(string Name)
{
    /// <summary>What stands for a value that is missing, units of the data; null where none may be. Only for modelled numbers.</summary>
    public double? Fill { get; init; }

    /// <summary>Whether its numbers are days since 1970-01-01 UTC, which people read as dates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDate { get; init; }

    /// <summary>Names of the numbers that the flow takes of it.</summary>
    internal abstract IEnumerable<string> Numbers { get; }

    /// <summary>Whether those numbers are modelled where the column is; else the flow is conditioned on them.</summary>
    internal virtual bool IsContinuous => true;

    /// <summary>The step that its values are spread over, units of the data; null where they are taken as they are.</summary>
    public virtual double? SpreadOver() => null;

    /// <summary>The one of the values that are the same to it which stands for all.</summary>
    internal virtual double Canonical(double value) => value;

    /// <summary>Writes its numbers.</summary>
    /// <param name="value">The table's number.</param>
    /// <param name="uniform">A draw in [0, 1), for kinds that spread their values.</param>
    /// <param name="numbers">Receives as many as <see cref="Numbers"/> has names.</param>
    internal abstract void Encode(double value, double uniform, Span<double> numbers);

    /// <summary>The table's number of a modelled one.</summary>
    internal virtual double Decode(double number) => number;

    /// <summary>What is wrong with it, a sentence each.</summary>
    internal virtual IEnumerable<string> Problems() => [];
}

/// <summary>A number that is taken as it is.</summary>
public sealed record NumberColumn(string Name) : ColumnSpec(Name)
{
    internal override IEnumerable<string> Numbers => [Name];

    internal override void Encode(double value, double uniform, Span<double> numbers) => numbers[0] = value;
}

/// <summary>One of a few values: an indicator for each but the first. In a table it is the value's index; what is the index of none gives no numbers.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Levels">The values, as text.</param>
public sealed record CategoryColumn(string Name, ImmutableArray<string> Levels) : ColumnSpec(Name)
{
    internal override IEnumerable<string> Numbers => Levels.Skip(1).Select(level => $"{Name}={level}");

    internal override bool IsContinuous => false;

    internal override void Encode(double value, double uniform, Span<double> numbers)
    {
        var isLevel = value >= 0 && value < Levels.Length && value == Math.Floor(value);
        numbers.Fill(isLevel ? 0 : double.NaN);
        if (isLevel && value > 0) numbers[(int)value - 1] = 1;
    }

    internal override IEnumerable<string> Problems()
    {
        if (Levels.IsDefault || Levels.Length < 2 || Levels.Any(level => level is null) || Levels.Distinct().Count() < Levels.Length) yield return $"'{Name}' needs two different levels or more.";
    }

    /// <summary>Whether two columns have equal levels.</summary>
    public bool Equals(CategoryColumn? other) => other is not null && Name == other.Name && Levels.AsSpan().SequenceEqual(other.Levels.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Levels.IsDefault ? 0 : Levels.Length);
}
