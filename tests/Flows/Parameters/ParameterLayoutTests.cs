using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FlowGrain.Flows;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Parameters;

public sealed class ParameterLayoutTests
{
    [Theory, InlineData("nice", 1, 0), InlineData("realnvp", 5, 2), InlineData("nsf", 3, 0), InlineData("iaf", 4, 1), InlineData("nsf-ar", 3, 0)]
    public void Blocks_fill_the_buffer_without_gap_or_overlap(string preset, int dimension, int context)
    {
        var layout = TestFlows.Spec(preset, dimension, context).Layout();
        var next = 0;
        foreach (var block in layout.Blocks)
        {
            Assert.Equal(next, block.Offset);
            Assert.Equal(block, layout[block.Name]);
            next += block.Count;
        }

        Assert.Equal(layout.Count, next);
    }

    [Fact]
    public void Initial_weights_are_the_same_on_every_machine_and_for_ever()
    {
        var values = TestFlows.Spec("nsf", dimension: 3, context: 1).Layout().Initialize(seed: 42);
        Assert.Equal("6a232f7b7708617b5a0e0e7e3897a649c719b3b755dcf5ed8df15a000bd36117", Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>(values))));
    }

    [Fact]
    public void Initial_weights_depend_on_the_seed_and_on_nothing_else()
    {
        var layout = TestFlows.Spec("realnvp", dimension: 3).Layout();
        Assert.Equal(layout.Initialize(5), TestFlows.Spec("realnvp", dimension: 3).Layout().Initialize(5));
        Assert.NotEqual(layout.Initialize(5), layout.Initialize(6));
    }

    [Fact]
    public void A_tensor_keeps_its_initial_values_when_others_move_it()
    {
        static ParameterLayout Layout(params string[] names) => ParameterLayout.Of(scope =>
        {
            foreach (var name in names) scope.In(name).Add("weight", Initializer.FanIn(4), 3, 4);
        });

        Assert.Equal(Layout("a", "b").Initialize(1)[12..], Layout("b").Initialize(1));
    }

    [Fact]
    public void Uniform_values_stay_within_one_over_the_root_of_the_inputs_and_reach_it()
    {
        var values = ParameterLayout.Of(scope => scope.Add("weight", Initializer.FanIn(16), 100, 16)).Initialize(3);
        Assert.InRange(values.Max(), 0.249, 0.25);
        Assert.InRange(values.Min(), -0.25, -0.249);
    }

    [Fact]
    public void A_parameter_is_a_slice_of_the_buffer()
    {
        using var scope = NewDisposeScope();
        using var views = new ParameterViews(TestFlows.Spec("nsf", dimension: 3).Layout(), ScalarType.Float32);
        var block = views.Layout.Blocks.First(block => block.Shape.Length == 2 && block.Name.EndsWith("weight"));
        var buffer = MemoryMarshal.Cast<byte, float>(views.Values.bytes);
        for (var i = 0; i < buffer.Length; i++) buffer[i] = i;
        Assert.Equal(Enumerable.Range(block.Offset, block.Count).Select(i => (float)i), views[block.Name].detach().flatten().data<float>());
    }

    [Fact]
    public void Gradients_accumulate_in_the_gradient_buffer()
    {
        using var scope = NewDisposeScope();
        using var views = new ParameterViews(ParameterLayout.Of(layout =>
        {
            layout.Add("a", Initializer.Zero, 2);
            layout.Add("b", Initializer.Zero, 3);
        }), ScalarType.Float64);
        for (var pass = 1; pass <= 3; pass++)
        {
            views["b"].mul(FlowGrain.Flows.Numerics.Scalars.Two).sum().backward();
            Assert.Equal([0, 0, 2.0 * pass, 2.0 * pass, 2.0 * pass], views.Gradient.data<double>());
        }
    }
}
