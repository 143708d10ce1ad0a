using System.Collections.Immutable;
using System.Globalization;

namespace FlowGrain.Data;

/// <summary>What its user says a column is: <c>--as COLUMN=KIND</c>.</summary>
/// <param name="Word">The kind's name.</param>
/// <param name="Numbers">The numbers after it.</param>
internal sealed record DeclaredKind(string Word, ImmutableArray<double> Numbers)
{
    /// <summary>The kinds, as sentences list them.</summary>
    internal const string Known = "number, whole, lattice:STEP, category, angle:PERIOD, bounded:LOW:HIGH or robust";

    private static readonly Dictionary<string, int> Counts = new()
    {
        ["number"] = 0,
        ["whole"] = 0,
        ["lattice"] = 1,
        ["category"] = 0,
        ["angle"] = 1,
        ["bounded"] = 2,
        ["robust"] = 0,
    };

    /// <summary>Whether its values are read as text.</summary>
    internal bool IsCategory => Word == "category";

    /// <summary>Whether a column to condition on can be one.</summary>
    internal bool IsOfContext => Word is "number" or "category" or "angle";

    /// <summary>Reads a declaration.</summary>
    /// <exception cref="BadInputException">There is no such kind, or its numbers do not fit.</exception>
    internal static DeclaredKind Parse(string column, string text)
    {
        var words = text.Split(':');
        if (!Counts.TryGetValue(words[0], out var count)) throw new BadInputException($"--as {column}={text}: there is no kind '{words[0]}'; a column is {Known}.");
        var numbers = words.Skip(1).Select(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToImmutableArray();
        var kind = new DeclaredKind(words[0], numbers);
        return numbers.Length == count && kind.IsPossible() ? kind : throw new BadInputException($"--as {column}={text}: {kind.Rule()}.");
    }

    private bool IsPossible() => Numbers.All(double.IsFinite) && Word switch
    {
        "lattice" or "angle" => Numbers[0] > 0,
        "bounded" => Numbers[0] < Numbers[1],
        _ => true,
    };

    private string Rule() => Word switch
    {
        "lattice" => "write lattice:STEP with a number above zero, such as lattice:0.25",
        "angle" => "write angle:PERIOD with the size of a whole turn, such as angle:360",
        "bounded" => "write bounded:LOW:HIGH with two numbers, the lower one first, such as bounded:0:1",
        _ => $"{Word} takes no numbers",
    };
}
