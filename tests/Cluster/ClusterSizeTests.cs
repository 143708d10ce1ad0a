using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>One silo with one slot, three with two each, and one process: the answer does not depend on the cluster.</summary>
public sealed class ClusterSizeTests(ClusterSizes sizes) : IClassFixture<ClusterSizes>
{
    public static TheoryData<SyncMode, string> Plans =>
        [.. from mode in Enum.GetValues<SyncMode>() from preset in new[] { "nsf", "maf" } select new TheoryDataRow<SyncMode, string>(mode, preset)];

    [Theory(Timeout = 300_000), MemberData(nameof(Plans))]
    public async Task A_plan_ends_with_the_same_bits_in_clusters_of_every_size(SyncMode mode, string preset)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var (name, plan) = ($"{preset}-{mode}".ToLowerInvariant(), Plan(mode, preset));
        var embedded = await sizes.Embedded.Train(name, plan);
        var (one, three) = (await sizes.One.Train(name, plan), await sizes.Three.Train(name, plan));
        Assert.Equal((embedded.WeightsSha256, embedded.WeightsSha256), (one.WeightsSha256, three.WeightsSha256));
        Assert.Equal((embedded.ValidationNll, embedded.ValidationNll), (one.ValidationNll, three.ValidationNll));
    }

    private TrainingPlan Plan(SyncMode mode, string preset)
    {
        var plan = sizes.Embedded.Plan(preset, steps: mode == SyncMode.Sync ? 20 : 60);
        var settings = preset == "maf" ? ImmutableSortedDictionary<string, string>.Empty.Add("transforms", "2").Add("hidden", "8") : plan.Settings;
        return plan with { Mode = mode, InnerSteps = mode == SyncMode.Sync ? plan.InnerSteps : 5, Settings = settings, Shards = 8 };
    }
}
