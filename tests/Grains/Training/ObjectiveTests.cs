using System.Collections.Immutable;
using FlowGrain.Flows;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Flows whose training needs random numbers, or minimises something else than −log p: through a whole run.</summary>
public sealed class ObjectiveTests
{
    public static MatrixTheoryData<string, SyncMode> Runs => new(["cnf", "residual"], [SyncMode.Sync, SyncMode.Local]);

    [Theory, MemberData(nameof(Runs))]
    public async Task One_and_three_slots_end_with_the_same_bits_and_a_replay_too(string preset, SyncMode mode)
    {
        await using var one = await EmbeddedFixture.Start(slots: 1);
        await using var three = await EmbeddedFixture.Start(slots: 3);
        var alone = await one.Train("m", Plan(one, preset, mode));
        var together = await three.Train("m", Plan(three, preset, mode) with { Ranges = 3 });
        Assert.Equal(alone.WeightsSha256, together.WeightsSha256);
        var report = await three.Cluster.Grains.GetGrain<IVerificationGrain>("v").Verify(new VerificationPlan("m", null, null), TestContext.Current.CancellationToken);
        Assert.True(report.Equal);
    }

    [Fact]
    public async Task A_continuous_flow_learns_by_flow_matching_and_reports_nats_that_are_numerical()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("m", Plan(embedded, "cnf", SyncMode.Sync) with { Steps = 400 });
        Assert.True(result.ValidationNll < result.GaussianNll, $"flow {result.ValidationNll}, Gaussian {result.GaussianNll}");
        var card = await File.ReadAllTextAsync(Path.Combine(result.Path, "card.md"), TestContext.Current.CancellationToken);
        Assert.Contains("Its density is numerical", card);
        Assert.DoesNotContain("is exact", card);
        Assert.Contains("flow-matching per row", card);
        Assert.Equal(new ModelAbilities("iterative", "iterative", "numerical"), (await embedded.Cluster.Grains.GetGrain<IModelGrain>("m").Describe(null)).Abilities);
        var spec = FlowSpecJson.Read(await File.ReadAllBytesAsync(Path.Combine(result.Path, "flow.json"), TestContext.Current.CancellationToken));
        Assert.True(spec.Can().HasFlag(Capability.Numerical));
    }

    private static TrainingPlan Plan(EmbeddedFixture embedded, string preset, SyncMode mode)
    {
        var sizes = ImmutableSortedDictionary<string, string>.Empty.Add("hidden", "16");
        return embedded.Plan(preset, steps: 30) with
        {
            Settings = preset == "residual" ? sizes.Add("transforms", "2") : sizes,
            Mode = mode,
            InnerSteps = mode == SyncMode.Sync ? null : 5,
        };
    }
}
