using System.Globalization;

namespace FlowGrain.Data;

/// <summary>What training would do with a column, and what may be said of it with <c>--as</c>.</summary>
internal static class ColumnUse
{
    private const double MostOfOneValue = 0.01; // of the rows: more of it is an atom, on which a likelihood grows without bound
    private const double FarFromBulk = 50; // distances between the quartiles: a spline would spend itself on outliers

    private static readonly string[] Turning = ["angle", "heading", "bearing", "azimuth", "direction", "degree"];

    /// <summary>A clause.</summary>
    internal static string Of(ColumnSurvey column, string type, DeclaredKind? declared, bool isContext) => type switch
    {
        "empty" => "refused: it has no value; leave it out",
        "constant" => "refused: it has one value only; leave it out",
        _ when declared is not null => (isContext ? "conditioned on as " : "") + Declared(column, declared, isSpread: type == "integer" && !isContext),
        "text" => OfText(column),
        _ when isContext => $"conditioned on as a number{Angle(column)}",
        "date" => "days since 1970-01-01, whole ones each spread over the one above",
        "integer" when column.IsIdentifier => "whole numbers, all different: leave it out if it is an identifier, else each is spread over the one above it",
        "integer" => $"whole numbers, each spread over the one above it{Angle(column)}",
        _ => $"a number{Angle(column) ?? Atom(column) ?? Bounds(column) ?? Outliers(column)}",
    };

    private static string Declared(ColumnSurvey column, DeclaredKind kind, bool isSpread) => kind switch
    {
        { Word: "category" } => $"a category of {column.Distinct} levels",
        { Word: "whole" } => "whole numbers, each spread over the one above it",
        { Word: "lattice", Numbers: [var step] } => string.Create(CultureInfo.InvariantCulture, $"multiples of {step:R}, each spread over the step above it"),
        { Word: "angle", Numbers: [var turn] } => string.Create(CultureInfo.InvariantCulture, $"an angle, {turn:R} a whole turn{(isSpread && double.IsInteger(turn) ? ", each value spread over the one above it" : "")}"),
        { Word: "bounded", Numbers: [var low, var high] } => string.Create(CultureInfo.InvariantCulture, $"a number whose density stays between {low:R} and {high:R}"),
        { Word: "robust" } => "a number, its outliers drawn in",
        _ => "a number",
    };

    private static string OfText(ColumnSurvey column) => (column.Distinct, column.IsIdentifier) switch
    {
        ( <= 1, _) => "refused: it has one value only; leave it out",
        (_, true) => "refused: text that differs in every row; leave it out",
        ( <= LevelCodes.Most, _) => $"refused as it is; a category of {column.Distinct} levels with --as {column.Name}=category",
        _ => "refused: free text; leave it out",
    };

    private static string? Angle(ColumnSurvey column) =>
        Turning.Any(word => column.Name.Contains(word, StringComparison.OrdinalIgnoreCase)) && column is { Min: >= -180, Max: <= 360 } && column.Max - column.Min is > 90 and <= 360
            ? $"; as an angle: --as {column.Name}=angle:360"
            : null;

    private static string? Atom(ColumnSurvey column) => column.Sample.MostOfOne() is var (value, share) && share > MostOfOneValue
        ? string.Create(CultureInfo.InvariantCulture, $"; {value:G6} alone stands in {share * 100:F0}% of the rows, where a likelihood grows without bound{Step(column)}")
        : null;

    private static string? Step(ColumnSurvey column) => column.Sample.Step() is { } step
        ? string.Create(CultureInfo.InvariantCulture, $": --as {column.Name}=lattice:{step:R} spreads each value over the step above it")
        : null;

    private static string? Bounds(ColumnSurvey column) => column is { Min: > 0 and < 0.1, Max: > 0.9 and < 1 }
        ? $"; if it is a share, --as {column.Name}=bounded:0:1 keeps its density inside"
        : null;

    private static string? Outliers(ColumnSurvey column)
    {
        var (lower, median, upper) = (column.Sample.Quantile(0.25), column.Sample.Quantile(0.5), column.Sample.Quantile(0.75));
        return Math.Max(column.Max - median, median - column.Min) > FarFromBulk * (upper - lower) && upper > lower
            ? $"; some values lie far from all others: --as {column.Name}=robust draws them in"
            : null;
    }
}
