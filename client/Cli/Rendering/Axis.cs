using FlowGrain.Cli.Output;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Rendering;

/// <summary>A column's stretch of a picture, in the units of the data.</summary>
/// <param name="Name">The column.</param>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends.</param>
/// <param name="IsDate">Whether its numbers are days since 1970-01-01, to be read as dates.</param>
/// <param name="IsRound">Whether its ends are one place, as those of an angle are.</param>
internal sealed record Axis(string Name, double Low, double High, bool IsDate = false, bool IsRound = false)
{
    private const double Margin = 0.08; // the ranges end at the 0.1% quantiles; a picture should show where the density fades

    /// <summary>The column's range, a little widened; of an angle its turn, beyond which nothing lies.</summary>
    internal static Axis Of(ModelDescription model, int column)
    {
        var (name, low, high) = (model.Columns[column], model.Ranges[column].Low, model.Ranges[column].High);
        if (model.Angles.Contains(name)) return new(name, low, high, IsRound: true);
        var margin = Margin * (high > low ? high - low : 1);
        return new(name, low - margin, high + margin, model.Dates.Contains(name));
    }

    /// <summary>The middle of cell <paramref name="index"/> of <paramref name="cells"/>.</summary>
    internal double Center(int index, int cells) => Low + ((index + 0.5) * (High - Low) / cells);

    /// <summary>A value of this column, a date or four or five digits; 0 where it is as good as none on this axis.</summary>
    internal string Figure(double value) => Date(Math.Floor(value)) ?? Figures.Value(value, High - Low);

    /// <summary>A mark at a value: a date or moment, or up to ten digits.</summary>
    internal string Mark(double value) => Date(value) ?? Ticks.Label(value);

    /// <summary>The cell that holds a value; negative or too large outside.</summary>
    internal int Cell(double value, int cells) => (int)Math.Floor((value - Low) / (High - Low) * cells);

    private string? Date(double days) => IsDate ? DateText.Of(days, isWhole: days == Math.Floor(days)) : null;
}
