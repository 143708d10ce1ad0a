using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows;

/// <summary>What every ActNorm of a flow begins with.</summary>
public sealed class DataDependentStartTests
{
    private const int Rows = 500;

    private static readonly TransformSpec Bends = new InverseSpec(new ActNormSpec(new ActNormStart([0.7, -0.4], [3, -1])));
    private static readonly FlowSpec Spec = Standing(Bends, new ActNormSpec(), Bends, new ActNormSpec());

    [Fact]
    public void What_leaves_the_flow_has_mean_0_and_deviation_1_before_the_first_round()
    {
        using var scope = NewDisposeScope();
        var rows = Some(Spec);
        var begun = DataDependentStart.Of(Spec, rows);
        using var flow = Flow.Build(begun, ScalarType.Float64);
        var z = flow.Normalize(tensor(rows, Rows, 2)).Value;
        Assert.All(z.mean([0]).data<double>(), mean => Assert.Equal(0, mean, 1e-3));
        Assert.All(z.std(0, false).data<double>(), deviation => Assert.Equal(1, deviation, 1e-3));
        Assert.All(begun.Transforms.OfType<ActNormSpec>(), norm => Assert.NotNull(norm.Start));
    }

    [Fact]
    public void Engines_begin_with_it_and_it_comes_back_from_the_json()
    {
        var begun = DataDependentStart.Of(Spec, Some(Spec));
        var read = FlowSpecJson.Read(FlowSpecJson.Write(begun));
        Assert.Equal(begun.Transforms.OfType<ActNormSpec>(), read.Transforms.OfType<ActNormSpec>());
        Assert.NotEqual(Spec.Hash(), read.Hash());
        using var engine = FlowEngines.Create(begun);
        var (block, start) = (begun.Layout()["2.bias"], ((ActNormSpec)begun.Transforms[2]).Start!);
        Assert.Equal(start.Bias.Select(value => (float)value), engine.Parameters.Slice(block.Offset, block.Count).ToArray());
    }

    [Fact]
    public void A_column_without_spread_begins_as_it_is()
    {
        var begun = DataDependentStart.Of(Spec, [.. Some(Spec).Select((value, i) => i % 2 == 0 ? value : 5)]);
        var start = ((ActNormSpec)begun.Transforms[2]).Start!;
        Assert.NotEqual(0, start.LogScale[0]);
        Assert.Equal((0, 0), (start.LogScale[1], start.Bias[1]));
    }

    [Fact]
    public void A_start_of_other_columns_is_refused() =>
        Assert.Contains("act-norm's start needs 2 numbers", Assert.Throws<ArgumentException>(Standing(new ActNormSpec(new ActNormStart([0], [0]))).Validated).Message, StringComparison.Ordinal);

    private static FlowSpec Standing(params TransformSpec[] layers)
    {
        var spec = TestFlows.Spec("maf", 2);
        return spec with { Transforms = [spec.Transforms[0], .. layers] };
    }

    private static double[] Some(FlowSpec spec) => TestFlows.Rows(spec, Rows);
}
