using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RunVersionTests
{
    [Fact]
    public async Task An_older_version_has_its_own_plan_progress_and_result_also_when_the_run_was_deleted()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (run, first) = (embedded.Run("m"), embedded.Plan(steps: 3));
        var trained = await embedded.Train("m", first);
        await embedded.Train("m", first with { Steps = 4 });
        await Check();
        var unknown = await Assert.ThrowsAsync<NotFoundException>(() => run.Version(3));
        Assert.Equal("Run 'm' has no version 3; its newest is 2.", unknown.Message);

        await run.Delete();
        await Check(); // from the model's record
        Assert.Equal("There is no run 'm'.", (await Assert.ThrowsAsync<NotFoundException>(() => run.Version(3))).Message);

        async Task Check()
        {
            var (progress, plan, result) = await run.Version(1);
            Assert.Equal((1, 3), (progress.Version, plan.Steps));
            Assert.Equal((RunPhase.Finished, 3, 3), (progress.Phase, progress.Step, progress.Steps));
            Assert.True(double.IsFinite(progress.TrainNats) && double.IsFinite(progress.ValidationNats));
            Assert.Equal(trained.WeightsSha256, result!.WeightsSha256);
        }
    }

    [Fact]
    public async Task Losses_say_what_they_are_of()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var sizes = ImmutableSortedDictionary<string, string>.Empty.Add("hidden", "8");
        await embedded.Train("m", embedded.Plan("cnf", steps: 2) with { Settings = sizes });
        var run = embedded.Run("m");
        Assert.Equal("flow-matching", (await run.Progress()).Objective);
        Assert.Equal("flow-matching", (await run.Series(version: null)).Objective);
        Assert.Equal("flow-matching", (await run.Version(1)).Progress.Objective);
        Assert.Equal("flow-matching", (await embedded.Cluster.Grains.GetGrain<IClusterGrain>(0).Runs())[0].Objective);
        Assert.Equal("flow-matching", (await embedded.Cluster.Grains.GetGrain<FlowGrain.Serving.IModelGrain>("m").Describe(null)).Objective);
        Assert.Equal("likelihood", RunObjective.Of(embedded.Plan("cnf") with { Settings = sizes.Add("likelihood", "1") }));
        Assert.Equal("likelihood", RunObjective.Of(embedded.Plan()));
    }
}
