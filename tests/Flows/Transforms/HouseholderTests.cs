using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Transforms;

public sealed class HouseholderTests
{
    [Fact]
    public void The_first_step_sees_how_standardised_columns_hang_together()
    {
        const int Rows = 4096;

        var spec = TestFlows.Spec("householder", 2);
        var (random, scaling, rows) = (new CounterRandom(6, "rows"), spec.Standardize(), new double[2 * Rows]);
        for (var row = 0; row < Rows; row++)
        {
            var common = random.Normal(3 * row);
            for (var column = 0; column < 2; column++)
                rows[2 * row + column] = scaling.Shift[column] + scaling.Scale[column] * (Math.Sqrt(0.8) * common + Math.Sqrt(0.2) * random.Normal(3 * row + 1 + column));
        }

        using var engine = FlowEngines.Create(spec);
        spec.Layout().Initialize(spec.Seed).Select(value => (float)value).ToArray().CopyTo(engine.Parameters);
        var gradient = new float[engine.Parameters.Length];
        engine.Gradient(rows, gradient);
        var scales = spec.Layout().Blocks.Single(block => block.Name.EndsWith("log_scale", StringComparison.Ordinal));
        Assert.Contains(gradient[scales.Offset..(scales.Offset + scales.Count)], slope => Math.Abs(slope) > 0.05 * Rows);
    }
}
