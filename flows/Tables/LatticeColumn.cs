namespace FlowGrain.Flows.Tables;

/// <summary>A column whose values are whole multiples of a step, such as integers: each is spread evenly over the step above it, so that there is a density.</summary>
/// <remarks>
/// The density is that of x + u with u uniform in [0, step). A value that is no multiple of the step is taken as it is: as x + u.
/// Source: Theis et al. 2016, "A note on the evaluation of generative models", https://arxiv.org/abs/1511.01844.
/// </remarks>
/// <param name="Name">Its name in the table.</param>
/// <param name="Step">The step, units of the data.</param>
public sealed record LatticeColumn(string Name, double Step) : ColumnSpec(Name)
{
    internal override IEnumerable<string> Numbers => [Name];

    /// <inheritdoc />
    public override double? SpreadOver() => Step;

    internal override void Encode(double value, double uniform, Span<double> numbers) => numbers[0] = Spread(value, uniform, Step);

    /// <summary>A multiple of a step somewhere in the step above it; another value as it is.</summary>
    internal static double Spread(double value, double uniform, double step)
    {
        const double Rounding = 1e-14; // 57 steps of 0.01 are not the nearest number to 0.57

        var steps = Math.Round(value / step);
        return Math.Abs(steps * step - value) <= Rounding * Math.Max(Math.Abs(value), step) ? (steps + uniform) * step : value;
    }

    /// <summary>A draw in the bin of a value: in the step above the multiple that it is, but for the rounding of float32, or that is below it.</summary>
    internal static double InBin(double value, double uniform, double step)
    {
        const double Rounding = 1e-7; // of numbers that came as float32

        var steps = Math.Round(value / step);
        if (Math.Abs(steps * step - value) > Math.Min(step / 4, Rounding * Math.Max(Math.Abs(value), step))) steps = Math.Floor(value / step);
        return (steps + uniform) * step;
    }

    internal override double Decode(double number) => Math.Floor(number / Step) * Step;

    internal override IEnumerable<string> Problems()
    {
        if (!(double.IsFinite(Step) && Step > 0)) yield return $"'{Name}' has the step {Step}; it must be finite and above zero.";
    }
}
