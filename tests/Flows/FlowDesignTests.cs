using FlowGrain.Flows;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Tests.Flows;

/// <summary>Designs that somebody wrote by hand, or an enemy.</summary>
public sealed class FlowDesignTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "", "This is not the design of a flow" },
        { "null", "it is null" },
        { "{}", "missing required properties including: 'transforms'" },
        { """{"transforms": []}""", "it has no transforms" },
        { """{"transforms": [{"type": "lu-linear"}], "bases": {}}""", "'bases' could not be mapped" },
        { """{"transforms": [{"type": "magic"}]}""", "unrecognized type discriminator id 'magic'" },
        { """{"transforms": [{"type": "autoregressive", "map": null, "conditioner": {"type": "constant"}}]}""", "'Map'" },
        { """{"transforms": [{"type": "lu-linear"}], "base": """ + string.Concat(Enumerable.Repeat("""{"type": "mixture", "components": [""", 80)), "maximum configured depth" },
    };

    public static TheoryData<string, string> TooMuch => new()
    {
        { """{"type": "autoregressive", "map": {"type": "affine"}, "conditioner": {"type": "mlp", "hidden": 2000000000, "layers": 2}}""", "mlp has 2000000000 units; a layer may have 65536." },
        { """{"type": "autoregressive", "map": {"type": "affine"}, "conditioner": {"type": "mlp", "hidden": 8, "layers": 2000000000}}""", "mlp has 2000000000 layers; a net may have 1000." },
        { """{"type": "coupling", "transformed": [1], "map": {"type": "affine"}, "conditioner": {"type": "residual", "hidden": 8, "blocks": 2000000000}}""", "residual has 2000000000 layers" },
        { """{"type": "coupling", "transformed": [0, 1], "map": {"type": "sigmoidal", "units": 2000000000}, "conditioner": {"type": "constant"}}""", "sigmoidal has 2000000000 units" },
        { """{"type": "coupling", "transformed": [0, 1], "map": {"type": "integral", "units": 2000000000, "bound": 5}, "conditioner": {"type": "constant"}}""", "integral has 2000000000 units" },
        { """{"type": "coupling", "transformed": [0, 1], "map": {"type": "sum-of-squares", "squares": 2000000000, "degree": 2}, "conditioner": {"type": "constant"}}""", "sum-of-squares has 2000000000 polynomials" },
        { """{"type": "coupling", "transformed": [0, 1], "map": {"type": "linear-spline", "bins": 2000000000, "bound": 5}, "conditioner": {"type": "constant"}}""", "linear-spline has 2000000000 bins" },
        { """{"type": "residual", "hidden": 2000000000, "layers": 2}""", "residual has 2000000000 units" },
        { """{"type": "continuous", "hidden": 2000000000, "tolerance": 1e-5}""", "continuous has 2000000000 units" },
        { """{"type": "sylvester", "directions": 2, "basis": 9}""", "sylvester has basis 9" },
        { """{"type": "permute", "order": [0, 7]}""", "permute" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_is_no_design_is_refused_with_a_sentence(string json, string part) =>
        Assert.Contains(part, Assert.Throws<ArgumentException>(() => FlowDesign.Read(json)).Message, StringComparison.Ordinal);

    [Theory, MemberData(nameof(TooMuch))]
    public void What_is_too_much_for_the_columns_or_for_any_machine_is_refused_before_memory_is_asked_for(string layer, string part)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(part, Assert.Throws<ArgumentException>(() => Spec(layer).Validated()).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void The_widest_nets_that_may_be_written_are_counted_and_not_made()
    {
        var layout = Spec("""{"type": "autoregressive", "map": {"type": "affine"}, "conditioner": {"type": "mlp", "hidden": 65536, "layers": 3}}""").Validated().Layout();
        Assert.Equal(int.MaxValue, layout.Count);
    }

    private static FlowSpec Spec(string layer)
    {
        var design = FlowDesign.Read($$"""{"transforms": [{{layer}}]}""");
        return new FlowSpec { Preset = "own", Columns = ["a", "b"], Transforms = [new StandardizeSpec([0, 0], [1, 1]), .. design.Transforms], Base = design.Base, Objective = design.Objective };
    }
}
