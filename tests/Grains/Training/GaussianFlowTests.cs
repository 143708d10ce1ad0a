using System.Collections.Immutable;
using FlowGrain.Cli.Output;
using FlowGrain.Flows;
using FlowGrain.Flows.Presets;
using FlowGrain.Flows.Transforms;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Tests.Grains.Training;

public sealed class GaussianFlowTests
{
    public static TheoryData<string> Presets => [.. Preset.All.Select(preset => preset.Name)];

    [Theory, MemberData(nameof(Presets))]
    public void In_one_column_a_flow_that_shifts_and_scales_is_a_Gaussian_with_or_without_context(string preset)
    {
        var expected = preset is "nice" or "realnvp" or "glow" or "maf" or "iaf" or "householder";
        Assert.Equal((expected, expected), (GaussianFlow.Is(Spec(preset, 1, 0)), GaussianFlow.Is(Spec(preset, 1, 1))));
        Assert.False(GaussianFlow.Is(Spec(preset, 2, 0)));
    }

    [Theory]
    [InlineData("realnvp", "a", "warning: realnvp can only be a Gaussian in one column, here 'a'; --model nsf learns its shape\n")]
    [InlineData("realnvp", "a,b", "")]
    [InlineData("nsf", "a", "")]
    public async Task Whoever_trains_one_is_told_before_training(string preset, string columns, string said)
    {
        using var talk = new StringWriter();
        using var log = new TalkLog(new Talk(talk, new Terminal(false, false, 100, 40, ColorDepth.None)), verbose: false);
        await using var embedded = await EmbeddedFixture.Start(slots: 1, parts: services => services.AddSingleton<ILoggerProvider>(log));
        var plan = embedded.Plan(preset, steps: 1);
        await embedded.Run("m").Start(plan with { Data = plan.Data with { Columns = [.. columns.Split(',')] } }, TestContext.Current.CancellationToken);
        Assert.Equal(said, string.Concat(talk.ToString().Split('\n').Where(line => line.StartsWith("warning", StringComparison.Ordinal)).Select(line => line + "\n")));
    }

    private static FlowSpec Spec(string name, int d, int c)
    {
        var preset = Preset.Named(name);
        var sizes = preset.Sizes.ToImmutableDictionary(size => size.Name, size => double.IsNaN(size.Default) ? 3 : size.Default);
        return new FlowSpec
        {
            Preset = name,
            Columns = [.. Enumerable.Range(0, d).Select(i => $"x{i}")],
            Context = [.. Enumerable.Range(0, c).Select(i => $"c{i}")],
            Transforms = [new StandardizeSpec([.. new double[d]], [.. Enumerable.Repeat(1.0, d)]), .. preset.Build(new PresetRequest(new FlowShape(d, c), sizes, Seed: 0))],
        };
    }
}
