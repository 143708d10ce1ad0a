using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Bench.Densities;

/// <summary>A density of the plane that is known.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Allowed">Nats a row that a sharp flow may lose to it.</param>
/// <param name="Draw">A row from a stream of its own.</param>
/// <param name="LogDensity">Its log-density, nats.</param>
internal sealed record Toy(string Name, double Allowed, Func<CounterRandom, (double X, double Y)> Draw, Func<double, double, double> LogDensity)
{
    internal static ImmutableArray<Toy> All { get; } =
    [
        new("two moons", 0.05, Moons, MoonsLogDensity),
        new("checkerboard", 0.15, Checkerboard, (_, _) => -Math.Log(32)),
        new("pinwheel", 0.05, Pinwheel, PinwheelLogDensity),
        new("eight Gaussians", 0.05, EightGaussians, EightGaussiansLogDensity),
    ];

    private const double MoonNoise = 0.1;

    private static (double X, double Y) Moons(CounterRandom random)
    {
        var (x, y) = Arc(random.Uniform(0) < 0.5, Math.PI * random.Uniform(1));
        return (x + MoonNoise * random.Normal(2), y + MoonNoise * random.Normal(3));
    }

    private static (double X, double Y) Arc(bool upper, double angle) => upper ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));

    private static double MoonsLogDensity(double x, double y)
    {
        const int Nodes = 400; // twelve to a deviation of the noise

        var sum = 0.0;
        foreach (var upper in (bool[])[true, false])
            for (var i = 0; i < Nodes; i++) sum += Normal(x, y, Arc(upper, Math.PI * (i + 0.5) / Nodes), MoonNoise) / (2 * Nodes);
        return Math.Log(sum);
    }

    private static (double X, double Y) Checkerboard(CounterRandom random)
    {
        var x = 4 * random.Uniform(0) - 2;
        var y = random.Uniform(1) - 2 * random.Below(2, 2) + Math.Abs(Math.Floor(x) % 2);
        return (2 * x, 2 * y);
    }

    private static (double X, double Y) EightGaussians(CounterRandom random)
    {
        var (x, y) = Centre((int)random.Below(8, 0));
        return (x + Narrow * random.Normal(2), y + Narrow * random.Normal(3));
    }

    private static double EightGaussiansLogDensity(double x, double y) => Math.Log(Enumerable.Range(0, 8).Sum(k => Normal(x, y, Centre(k), Narrow)) / 8);

    private static readonly double Narrow = 0.5 / Math.Sqrt(2);

    private static (double X, double Y) Centre(int k) => (4 / Math.Sqrt(2) * Math.Cos(k * Math.PI / 4), 4 / Math.Sqrt(2) * Math.Sin(k * Math.PI / 4));

    private const int Arms = 5;
    private const double Radial = 0.3;
    private const double Tangential = 0.1;
    private const double Twist = 0.25;

    /// <summary>f from a narrow Gaussian at (1, 0), turned back by an angle that grows with f₀, for each of five arms, and doubled.</summary>
    private static (double X, double Y) Pinwheel(CounterRandom random)
    {
        var (f0, f1) = (1 + Radial * random.Normal(2), Tangential * random.Normal(3));
        var angle = 2 * Math.PI * random.Below(Arms, 0) / Arms + Twist * Math.Exp(f0);
        return (2 * (f0 * Math.Cos(angle) + f1 * Math.Sin(angle)), 2 * (f1 * Math.Cos(angle) - f0 * Math.Sin(angle)));
    }

    /// <summary>Every f that is turned to x: <c>f = r (cos φ, sin φ)</c> with <c>φ − twist exp(r cos φ) − arm = arg x</c>, where the map stretches by <c>1 + twist exp(f₀) f₁</c>.</summary>
    private static double PinwheelLogDensity(double x, double y)
    {
        const int Steps = 256;

        var (radius, turned, sum) = (Math.Sqrt(x * x + y * y) / 2, Math.Atan2(y, x), 0.0);
        for (var arm = 0; arm < Arms; arm++)
        {
            for (var step = 0; step < Steps; step++)
            {
                var (low, high) = (Math.PI * (2.0 * step / Steps - 1), Math.PI * (2.0 * (step + 1) / Steps - 1));
                if (Off(low) <= 0 == Off(high) <= 0 || Math.Abs(Off(low) - Off(high)) > Math.PI) continue; // no root, or a whole turn
                for (var halving = 0; halving < 60; halving++)
                {
                    var middle = (low + high) / 2;
                    if (Off(middle) <= 0 == Off(low) <= 0) low = middle;
                    else high = middle;
                }

                var (f0, f1) = (radius * Math.Cos(low), radius * Math.Sin(low));
                var (u, v) = ((f0 - 1) / Radial, f1 / Tangential);
                sum += Math.Exp(-(u * u + v * v) / 2) / (2 * Math.PI * Radial * Tangential) / Math.Abs(1 + Twist * Math.Exp(f0) * f1) / (4 * Arms);
            }

            double Off(double phi) => Math.IEEERemainder(phi - Twist * Math.Exp(radius * Math.Cos(phi)) - 2 * Math.PI * arm / Arms - turned, 2 * Math.PI);
        }

        return Math.Log(sum);
    }

    private static double Normal(double x, double y, (double X, double Y) mean, double deviation)
    {
        var (u, v) = ((x - mean.X) / deviation, (y - mean.Y) / deviation);
        return Math.Exp(-(u * u + v * v) / 2) / (2 * Math.PI * deviation * deviation);
    }
}
