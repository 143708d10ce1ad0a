using System.Diagnostics;
using System.Globalization;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>A silo that is asked to stop while a run trains on it.</summary>
public sealed class DrainTests(ITestOutputHelper output) : ClusterTest
{
    private static readonly string[] Silos = ["a", "b", "c"];

    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(Silos.Select(silo => cluster.Start(silo)));

    [Fact(Timeout = 300_000)]
    public async Task It_hands_over_what_it_has_and_ends_with_0_and_no_round_is_made_again()
    {
        var plan = Embedded.Plan(steps: 600) with { Shards = 8, Ranges = 2 };
        var calm = await Embedded.Train("m", plan);
        foreach (var part in new[] { "run", "range", "worker" })
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var (name, leaving, ended, made, fell) = ($"without-the-{part}", "", Task.FromResult((Code: -1, Output: "", Errors: "")), 0L, "");
            var result = await Cluster.Train(name, plan, async progress =>
            {
                if (progress.Step < made) fell = $"step {progress.Step} after step {made}";
                made = Math.Max(made, progress.Step);
                if (leaving != "" || progress.Step < 100) return;
                leaving = await Home(name, part);
                Cluster[leaving].Stop();
                ended = End(leaving, part);
            });
            var (code, said, errors) = await ended;
            Assert.True(fell == "", $"without the {part}: {fell}; silo {leaving} says: {said}");
            Assert.True(code == 0, $"silo {leaving}, with the {part}, exits with {code}: {errors}{said}");
            Assert.Equal(calm.WeightsSha256, result.WeightsSha256);
            await Cluster.Start(leaving);
        }
    }

    [Theory(Timeout = 300_000), InlineData(false), InlineData(true)]
    public async Task What_waits_for_a_slot_moves_too_also_before_it_is_timed(bool timed)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var plan = Embedded.Plan(steps: 100) with { Shards = 8 };
        var waits = timed ? plan with { Steps = null, Minutes = 0.01 } : plan;
        var (busy, run) = (Cluster.Grains.GetGrain<IRunGrain>("busy"), Cluster.Grains.GetGrain<IRunGrain>("m"));
        await busy.Start(Embedded.Plan(steps: 1_000_000) with { Priority = 1 }, TestContext.Current.CancellationToken);
        await Cluster.Until("busy", progress => progress.Step > 0);
        await run.Start(waits, TestContext.Current.CancellationToken);
        await Cluster.Until("m", progress => progress.Waiting is not null);

        var leaving = await Home("m", "range");
        Cluster[leaving].Stop();
        var (code, said, errors) = await End(leaving, "waiting range");
        Assert.True(code == 0, $"silo {leaving} exits with {code}: {errors}{said}");
        Assert.DoesNotContain("ends before everyone has heard", said, StringComparison.Ordinal);

        await busy.Stop();
        var result = await Cluster.Train("m", waits);
        Assert.Equal((await Embedded.Train("m", plan with { Steps = result.Steps })).WeightsSha256, result.WeightsSha256);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_run_that_still_reads_its_data_begins_on_another_silo()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var plan = Embedded.Plan(steps: 50) with { Data = Embedded.Plan().Data with { Path = BigTable() }, Shards = 8 };
        var training = Cluster.Train("m", plan);
        await Cluster.Until("m", progress => progress.Phase == RunPhase.Preparing);
        var leaving = await Home("m", "run");
        Cluster[leaving].Stop();
        var (code, said, errors) = await End(leaving, "reading run");
        Assert.True(code == 0, $"silo {leaving} exits with {code}: {errors}{said}");
        Assert.Equal((await Embedded.Train("m", plan)).WeightsSha256, (await training).WeightsSha256);
    }

    /// <summary>A table that takes a second to read.</summary>
    private string BigTable()
    {
        var (path, random) = (Path.Combine(Path.GetDirectoryName(Embedded.Plan().Data.Path)!, "big.csv"), new Random(5));
        File.WriteAllLines(path, Enumerable.Range(0, 400_000).Select(row => row == 0 ? "a,b,c" : string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble()},{random.NextDouble()},{random.NextDouble()}")));
        return path;
    }

    private async Task<(int Code, string Output, string Errors)> End(string silo, string part)
    {
        var told = Stopwatch.GetTimestamp();
        var end = await Cluster[silo].End();
        output.WriteLine($"the silo with the {part} ended with {end.Code} after {Stopwatch.GetElapsedTime(told).TotalSeconds:F1} s");
        return end;
    }

    /// <summary>The silo that has a part of the run.</summary>
    private async Task<string> Home(string name, string part)
    {
        var (run, range) = (await Cluster.HomeOf(Cluster.Grains.GetGrain<IRunGrain>(name)), await Cluster.HomeOf(Cluster.Grains.GetGrain<IAggregatorGrain>($"{name}/0")));
        return (part switch { "run" => run, "range" => range, _ => Silos.FirstOrDefault(silo => silo != run && silo != range) }) ?? Silos[0];
    }
}
