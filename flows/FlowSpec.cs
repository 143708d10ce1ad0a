using System.Collections.Immutable;
using System.Security.Cryptography;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Objectives;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows;

/// <summary>
/// Everything needed to rebuild a flow except its weights: columns, preprocessing, transforms with their masks and
/// permutations, base. Immutable, versioned JSON, and the only way to build a <see cref="Flow"/>.
/// </summary>
public sealed record FlowSpec
{
    /// <summary>The version of the format that this program writes; it reads every version up to it.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of the format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The preset that made it; a label, without meaning for the flow.</summary>
    public required string Preset { get; init; }

    /// <summary>Names of the columns modelled, in order.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>Names of the columns conditioned on, in order.</summary>
    public ImmutableArray<string> Context { get; init; } = [];

    /// <summary>Standardisation of the context; null without context. It has no log-determinant.</summary>
    public StandardizeSpec? ContextScaling { get; init; }

    /// <summary>How a row of a table becomes the numbers of <see cref="Columns"/> and <see cref="Context"/>; null where they are the same.</summary>
    public TableSpec? Table { get; init; }

    /// <summary>
    /// Columns that may lack a value, as positions, ascending; null where none may. The last numbers of the context say for each
    /// whether it has one (1 or 0). What lacks a value passes every layer as it came, so that it adds nothing that could be
    /// learned, and <see cref="Engines.MissingEngine"/> takes away what the base finds it to be worth.
    /// </summary>
    public ImmutableArray<int>? Missing { get; init; }

    /// <summary>The density of the modelled categories, whose indicators the context begins with; null without.</summary>
    public CategoricalSpec? Categories { get; init; }

    /// <summary>The chain of transforms in the Normalize direction; the first one standardises, after a <see cref="MarginalSpec"/> where there is one.</summary>
    public required ImmutableArray<TransformSpec> Transforms { get; init; }

    /// <summary>Density of the base; angles have a uniform one of their own beside it.</summary>
    public BaseSpec Base { get; init; } = new StandardNormalSpec();

    /// <summary>The net that looks at the context for all layers and the base; null where they see it as it is.</summary>
    public EmbeddingSpec? Embedding { get; init; }

    /// <summary>Seed of the initial weights.</summary>
    public long Seed { get; init; }

    /// <summary>What training minimises; null for maximum likelihood.</summary>
    public ObjectiveSpec? Objective { get; init; }

    /// <summary>D, and the numbers that layers and base are conditioned on.</summary>
    public FlowShape Shape() => new(Columns.Length, Embedding?.Outputs ?? Context.Length, Missing is { } missing ? new MissingColumns(missing, Context.Length) : null, Marginal()?.Circles);

    /// <summary>What <see cref="Base"/> is the density of: angles have a uniform one of their own.</summary>
    internal FlowShape BaseShape() => Shape() is { Circles: not null } shape ? shape with { Dimension = shape.Lines.Length, Circles = null } : Shape();

    /// <summary>What the flow can do, and how exactly.</summary>
    public Capability Can() => Capabilities.Chained([.. Transforms.Select(transform => transform.Can(Shape())), Base.Can(BaseShape())]);

    /// <summary>Where every parameter lies in the flat buffer.</summary>
    public ParameterLayout Layout() => ParameterLayout.Of(scope =>
    {
        for (var i = 0; i < Transforms.Length; i++) Transforms[i].Declare(scope.In($"{i}"), Shape());
        Base.Declare(scope.In("base"), BaseShape());
        Embedding?.Declare(scope.In("embedding"), Context.Length);
    });

    /// <summary>The fixed maps of single columns, which take rows in the units of the data; null without.</summary>
    public MarginalSpec? Marginal() => Transforms.IsDefaultOrEmpty ? null : Transforms[0] as MarginalSpec;

    /// <summary>The transform that brings every column to mean 0 and deviation 1.</summary>
    public StandardizeSpec Standardize() => (StandardizeSpec)Transforms[FirstLearned - 1];

    /// <summary>A number of a modelled column, from the units of the data to deviations from its mean; of an angle to radians, −π to π.</summary>
    public double ToDeviations(int column, double x)
    {
        var y = Marginal() is { } marginal ? marginal.Maps[column].Normalize(x, out _) : x;
        return (y - Standardize().Shift[column]) / Standardize().Scale[column];
    }

    /// <summary>How far apart two numbers of a modelled column are, in deviations; of an angle the shorter way round, in radians.</summary>
    public double Apart(int column, double one, double other)
    {
        var difference = ToDeviations(column, one) - ToDeviations(column, other);
        return Math.Abs(Marginal()?.Maps[column] is CircleMap ? Math.IEEERemainder(difference, Math.Tau) : difference);
    }

    /// <summary>The table that the flow was fitted on.</summary>
    public TableSpec TableOrNumbers() => Table ?? TableSpec.OfNumbers(Columns, Context);

    /// <summary>Index of the first transform that may have parameters.</summary>
    internal int FirstLearned => Marginal() is null ? 1 : 2;

    /// <summary>SHA-256 of the canonical JSON without the names, which decide nothing.</summary>
    public string Hash()
    {
        var nameless = this with { Preset = "", Columns = Nameless(Columns, "x"), Context = Nameless(Context, "c"), Table = Table?.Nameless() };
        return Convert.ToHexStringLower(SHA256.HashData(FlowSpecJson.Write(nameless)));
    }

    /// <summary>Returns the spec itself when it can be built.</summary>
    /// <exception cref="ArgumentException">All that is wrong with it, a sentence each.</exception>
    public FlowSpec Validated()
    {
        var problems = Problems().ToList();
        return problems.Count == 0 ? this : throw new ArgumentException(string.Join(" ", problems));
    }

    private IEnumerable<string> Problems()
    {
        if (Format is < 1 or > CurrentFormat) yield return $"The flow has format {Format}; this program reads 1 to {CurrentFormat}.";
        if (Columns.Length == 0) yield return "The flow models no columns.";
        if (!Standardizes()) yield return "The flow's first transform must be of type 'standardize', or 'marginal' before that.";
        if (Context.Length > 0 && ContextScaling is null) yield return "The flow has context columns but no contextScaling.";
        foreach (var problem in ContextScaling?.Problems(new FlowShape(Context.Length, 0)) ?? []) yield return $"contextScaling: {problem}";
        if (Columns.Concat(Context).Any(name => name is null)) yield return "The names of the flow's columns have a null among them.";
        foreach (var problem in Table?.Problems(Columns, Context) ?? []) yield return $"table: {problem}";
        foreach (var problem in Categories?.Problems(Table) ?? []) yield return $"categories: {problem}";
        foreach (var problem in MissingProblems()) yield return $"missing: {problem}";
        foreach (var problem in Standardizes() ? AngleProblems() : []) yield return problem;
        for (var i = 0; i < Transforms.Length; i++)
        {
            if (Transforms[i] is null) yield return $"Transform {i} is null.";
            foreach (var problem in Transforms[i]?.ProblemsIn(Shape()) ?? []) yield return $"Transform {i}: {problem}";
        }

        foreach (var problem in Embedding?.Problems(Context.Length) ?? []) yield return $"embedding: {problem}";
        foreach (var problem in Base.Problems(BaseShape())) yield return $"base: {problem}";
        foreach (var problem in Standardizes() ? Objective?.Problems(this) ?? [] : []) yield return $"objective: {problem}";
    }

    private IEnumerable<string> MissingProblems()
    {
        if (Missing is not { } missing) yield break;
        if (missing.IsDefaultOrEmpty || missing.Any(column => column < 0 || column >= Columns.Length) || !missing.SequenceEqual(missing.Distinct().Order()))
            yield return "it needs ascending positions of columns.";
        else if (missing.Length > Context.Length) yield return "the context does not say which columns have a value.";
        else if (ContextScaling is { } scaling && Enumerable.Range(Context.Length - missing.Length, missing.Length).Any(i => scaling.Shift[i] != 0 || scaling.Scale[i] != 1))
            yield return "contextScaling must leave what says that a column has a value as it is.";
        if (Embedding is not null) yield return "an embedding would hide which columns have a value; leave it out.";
        if (Base is not StandardNormalSpec) yield return "only with a base of type 'standard-normal' can a row do without a value.";
        if (Transforms.Skip(1).Any(transform => transform is not (StandardizeSpec or AutoregressiveSpec)))
            yield return "only autoregressive layers, all in one order, can do without a value.";
    }

    private IEnumerable<string> AngleProblems()
    {
        var angles = Shape().Angles;
        if (Table?.Problems(Columns, Context).Any() == false && !CirclesOf(Table).SequenceEqual(Marginal()?.Maps.Select(map => map as CircleMap) ?? Columns.Select(_ => (CircleMap?)null)))
            yield return "table: its angles are not those that 'marginal' lays round circles.";
        if (angles.IsEmpty) yield break;
        if (Standardize().Problems(Shape()).Any() || angles.Any(column => Standardize().Shift[column] != 0 || Standardize().Scale[column] != 1))
            yield return "standardize must leave angles as they are, with shift 0 and scale 1.";
        if (Missing is not null) yield return "missing: a flow of angles needs all of its values.";
        if (angles.Length == Columns.Length && Base is not StandardNormalSpec) yield return "base: every column is an angle, which has a uniform base of its own; leave the base out.";
    }

    private static IEnumerable<CircleMap?> CirclesOf(TableSpec table) =>
        table.Columns.Where(column => column.IsContinuous).SelectMany(column => column.Numbers.Select(_ => column is CircleColumn circle ? new CircleMap(circle.Period, circle.From) : null));

    private bool Standardizes() => !Transforms.IsDefaultOrEmpty && Transforms.FirstOrDefault(transform => transform is not MarginalSpec) is StandardizeSpec && Transforms.Skip(2).All(transform => transform is not MarginalSpec);

    private static ImmutableArray<string> Nameless(ImmutableArray<string> names, string letter) =>
        [.. names.Select((_, index) => $"{letter}{index}")];
}
