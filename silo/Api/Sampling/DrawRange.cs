namespace FlowGrain.Silo.Api.Sampling;

/// <summary>Draws that are wanted, in order.</summary>
/// <param name="First">The first.</param>
/// <param name="End">One behind the last.</param>
internal readonly record struct DrawRange(long First, long End)
{
    private const long Most = 1L << 40; // so many rows of a few columns fill any disk

    /// <summary>So many from one on.</summary>
    /// <exception cref="BadInputException">It is none, or goes beyond what can be numbered.</exception>
    internal static DrawRange Require(long first, long rows)
    {
        string?[] faults =
        [
            rows is < 1 or > Most ? $"rows is {rows}; draw 1 to {Most}." : null,
            first is < 0 or >= Most ? $"first is {first}; draws are numbered from 0 to {Most - 1}." : null,
            rows is >= 1 and <= Most && first is >= 0 and < Most && first > Most - rows ? $"first is {first} and rows is {rows}, which goes beyond draw {Most - 1}; ask for fewer." : null,
        ];
        return faults.Any(fault => fault is not null) ? throw new BadInputException(string.Join(" ", faults.OfType<string>())) : new(first, first + rows);
    }
}
