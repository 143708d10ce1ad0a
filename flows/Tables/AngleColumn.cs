using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Tables;

/// <summary>An angle to condition on: its sine and cosine, so that both ends of the period meet. One that is modelled is a <see cref="CircleColumn"/>.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Period">A whole turn, units of the data.</param>
public sealed record AngleColumn(string Name, double Period) : ColumnSpec(Name)
{
    internal override IEnumerable<string> Numbers => [$"{Name}.sin", $"{Name}.cos"];

    internal override bool IsContinuous => false;

    internal override void Encode(double value, double uniform, Span<double> numbers) =>
        (numbers[0], numbers[1]) = PortableMath.SineAndCosineOfTurns(value / Period);

    internal override IEnumerable<string> Problems()
    {
        if (!(double.IsFinite(Period) && Period > 0)) yield return $"'{Name}' has the period {Period}; it must be finite and above zero.";
    }
}
