namespace FlowGrain.Cli.Output;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Title">Its header.</param>
/// <param name="IsNumber">Whether it holds numbers; they stand on the right and are never cut.</param>
/// <param name="Leaves">Its turn to leave a screen that is too narrow, 1 before 2; 0 stays.</param>
/// <param name="Least">Characters to which its texts, or the header over its numbers, may be cut.</param>
internal sealed record TextColumn(string Title, bool IsNumber = false, int Leaves = 0, int Least = int.MaxValue)
{
    /// <summary>A column of numbers.</summary>
    internal static TextColumn Number(string title, int leaves = 0, int least = int.MaxValue) => new(title, IsNumber: true, leaves, least);

    /// <summary>A column of texts that a narrow screen cuts.</summary>
    internal static TextColumn Text(string title, int least = 12) => new(title, Least: least);
}
