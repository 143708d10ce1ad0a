using FlowGrain.Flows;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Flows;

/// <summary>What a flow says of itself is what it does.</summary>
public sealed class CapabilityTests
{
    [Theory]
    [InlineData("nsf", "one pass", "one pass", "exact")]
    [InlineData("maf", "one pass", "a pass for each column", "exact")]
    [InlineData("iaf", "a pass for each column", "one pass", "exact")]
    [InlineData("naf", "one pass", "iterative", "exact")]
    [InlineData("gaussianization", "one pass", "iterative", "exact")]
    [InlineData("planar", "one pass", "iterative", "exact")]
    [InlineData("radial", "one pass", "one pass", "exact")]
    [InlineData("householder", "one pass", "one pass", "exact")]
    [InlineData("sylvester", "one pass", "iterative", "exact")]
    [InlineData("residual", "one pass", "iterative", "exact")]
    [InlineData("cnf", "iterative", "iterative", "numerical")]
    public void A_preset_says_how_it_answers(string preset, string density, string samples, string logDensity) =>
        Assert.Equal(new ModelAbilities(density, samples, logDensity), Abilities.Of(TestFlows.Spec(preset, 3)));

    [Fact]
    public void What_is_found_by_a_quadrature_or_a_mean_is_numerical()
    {
        var spec = TestFlows.Spec("maf", 2);
        Assert.Equal("numerical", Abilities.Of(spec with { Base = new ResampledSpec(new MlpSpec(8, 1)) }).LogDensity);
        Assert.Equal("numerical", Abilities.Of(spec with { Transforms = [spec.Transforms[0], new AutoregressiveSpec(new IntegralSpec(4, 8), new MlpSpec(8, 1))] }).LogDensity);
    }

    [Fact]
    public void One_column_has_no_column_before_it() => Assert.Equal("one pass", Abilities.Of(TestFlows.Spec("maf", 1)).Samples);

    [Fact]
    public void Beyond_64_columns_a_residual_flow_says_that_it_estimates() =>
        Assert.Equal(new ModelAbilities("one pass", "iterative", "estimate"), Abilities.Of(TestFlows.Spec("residual", Residual.MostExact + 1)));

    [Fact]
    public void What_is_turned_round_swaps_its_directions()
    {
        var shape = new FlowShape(3, 0);
        var can = new InverseSpec(new PlanarSpec()).Can(shape);
        Assert.True(can.HasFlag(Capability.IterativeNormalize) && !can.HasFlag(Capability.IterativeGenerate));
        Assert.Equal(new PlanarSpec().Can(shape), new InverseSpec(new InverseSpec(new PlanarSpec())).Can(shape));
    }
}
