namespace FlowGrain.Tests.Client.BadInput;

/// <summary>A table to be written in some format.</summary>
/// <param name="Names">Its columns.</param>
/// <param name="Rows">Its cells: numbers, null where one is missing, or text.</param>
internal sealed record Grid(string[] Names, object?[][] Rows)
{
    /// <summary>Fifty rows of x0 and x1.</summary>
    internal static Grid Good { get; } = new(["x0", "x1"], [.. Enumerable.Range(0, 50).Select(row => new object?[] { row % 7 + 0.25, row % 11 * 0.5 - row })]);

    /// <summary>A column, shorter than others where a row lacks it.</summary>
    internal IEnumerable<object?> Column(int column) => Rows.Where(row => column < row.Length).Select(row => row[column]);

    /// <summary>Another value in the last row.</summary>
    internal Grid Ending(object? first, object? second) => this with { Rows = [.. Rows[..^1], [first, second]] };

    /// <summary>The second column made from the first.</summary>
    internal Grid Second(Func<double, object> value) => this with { Rows = [.. Rows.Select(row => new[] { row[0], value((double)row[0]!) })] };

    internal Grid Take(int rows) => this with { Rows = Rows[..rows] };
}
