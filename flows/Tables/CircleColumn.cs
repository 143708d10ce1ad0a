using FlowGrain.Flows.Marginals;

namespace FlowGrain.Flows.Tables;

/// <summary>An angle that is modelled: a number of which a period more is the same. A <see cref="CircleMap"/> of the flow lays it round its circle.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Period">A whole turn, units of the data.</param>
/// <param name="From">Where the turn begins that draws lie in: [from, from + period).</param>
/// <param name="Step">The step that its values are multiples of and spread over, as those of a <see cref="LatticeColumn"/>; null where they are taken as they are.</param>
public sealed record CircleColumn(string Name, double Period, double From = 0, double? Step = null) : ColumnSpec(Name)
{
    internal override IEnumerable<string> Numbers => [Name];

    /// <inheritdoc />
    public override double? SpreadOver() => Step;

    internal override double Canonical(double value) => CircleMap.Within(value, Period, From);

    internal override void Encode(double value, double uniform, Span<double> numbers) =>
        numbers[0] = Canonical(Step is { } step ? LatticeColumn.Spread(value, uniform, step) : value);

    internal override double Decode(double number) => Step is { } step ? Canonical(Math.Floor(number / step) * step) : number;

    internal override IEnumerable<string> Problems()
    {
        if (!(double.IsFinite(Period) && Period > 0 && double.IsFinite(From))) yield return $"'{Name}' has the period {Period} from {From}; the period must be finite and above zero, its start finite.";
        else if (Step is { } step && !(step > 0 && double.IsInteger(Period / step))) yield return $"'{Name}' has the step {step}; its period {Period} must be a whole number of them.";
        if (Fill is not null) yield return $"'{Name}' is an angle and may lack a value; an angle cannot.";
    }
}
