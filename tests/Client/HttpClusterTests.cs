using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Tests.Grains;
using FlowGrain.Tests.Silo.Api;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client;

/// <summary>A cluster over HTTP answers what the embedded one answers.</summary>
public sealed class HttpClusterTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_its_model_and_its_scores_are_those_of_the_embedded_cluster()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (here, there) = (new GrainCluster(embedded.Cluster.Grains, TimeProvider.System), silo.Cluster);
        var plan = embedded.Plan(context: true) with { TestFraction = 0.1 };
        plan = plan with { Data = plan.Data with { Path = embedded.Write("own.csv", File.ReadLines(plan.Data.Path).Append("101,0.5,0.25")) } }; // which no other test uploads
        var seen = new Reports();
        var path = await there.Locate(LocalSource.Of(plan.Data.Path), seen, Cancellation);
        Assert.StartsWith(silo.Root, path);
        Assert.Equal(1, seen.Last!.Fraction);
        seen.Last = null;
        Assert.Equal((path, null), (await there.Locate(LocalSource.Of(plan.Data.Path), seen, Cancellation), seen.Last)); // it is there already

        var (mine, theirs) = (await Train(here, plan), await Train(there, plan with { Data = plan.Data with { Path = path } }));
        Assert.Equal(mine.WeightsSha256, theirs.WeightsSha256);
        Assert.Equal(await here.Test("m", Cancellation), await there.Test("m", Cancellation));
        Assert.Equal(await here.History("m", Cancellation), await there.History("m", Cancellation));
        Assert.Equal(await here.Losses(new("m", 1), Cancellation), await there.Losses(new("m", null), Cancellation));
        Assert.Equal((await here.Runs(Cancellation)).Select(run => run.Steps), (await there.Runs(Cancellation)).Where(run => run.Run == "m").Select(run => run.Steps));
        Assert.Equal((await here.Presets(Cancellation)).Select(preset => preset.Name), (await there.Presets(Cancellation)).Select(preset => preset.Name));
        Assert.Equal(2, Assert.Single((await there.Overview(Cancellation)).Silos).Slots);

        var model = await there.Describe(new("m", null), Cancellation);
        Assert.Equal((await here.Describe(new("m", 1), Cancellation)).Ranges, model.Ranges);
        var order = new SampleOrder(20_000, 7, [0.25]);
        var (drawn, expected) = (await Rows(there.Sample(model, order, Cancellation)), await Rows(here.Sample(model, order, Cancellation)));
        Assert.Equal(expected, drawn);
        var given = drawn.Chunk(2).SelectMany(row => row.Append(0.25)).ToArray();
        Assert.Equal(await here.LogDensity(model, given, Cancellation), await there.LogDensity(model, given, Cancellation));
        Assert.Equal(await here.Latents(model, given, Cancellation), await there.Latents(model, given, Cancellation));
        var (layers, pushed) = (await here.Layers(model, order with { Rows = 50 }, 0, 1, Cancellation), await there.Layers(model, order with { Rows = 50 }, 0, 1, Cancellation));
        Assert.Equal(layers.Select(layer => (layer.Name, string.Join(' ', layer.Points.SelectMany(point => point)))), pushed.Select(layer => (layer.Name, string.Join(' ', layer.Points.SelectMany(point => point)))));
        var learned = (await there.Datasets(Cancellation)).Datasets.First(dataset => dataset.Root == model.DataRoot);
        var rows = await there.DatasetRows(learned.Id, 1000, seed: 0, Cancellation);
        var latents = await there.Latents(model, rows.Rows.SelectMany(row => row).ToArray(), Cancellation);
        Assert.Equal("standard-normal", model.Base);
        Assert.All(new[] { 0, 1 }, column => Assert.Equal(0, latents.Where((_, i) => i % 2 == column).Average(), 0.3f)); // what training brings to the base

        var (scores, same) = (embedded.Write("there.csv", []), embedded.Write("here.csv", []));
        var far = await there.Score(new("m", null, path, MissingRows.Refuse, scores, Latent: true) { Carry = ["c", "a"] }, reading: null, Cancellation);
        var near = await here.Score(new("m", null, plan.Data.Path, MissingRows.Refuse, same, Latent: true) { Carry = ["c", "a"] }, reading: null, Cancellation);
        Assert.Equal((near.MeanLogProb, await File.ReadAllTextAsync(same, Cancellation)), (far.MeanLogProb, await File.ReadAllTextAsync(scores, Cancellation)));
        Assert.Equal("row,log_prob,z0,z1,c,a", File.ReadLines(scores).First());
        var search = new DetectionPlan("m", null, path, MissingRows.Refuse, scores) { Score = DetectionScore.Typicality, Rate = 0.05, Reference = path, Explain = 2 };
        var (farther, nearer) = (await there.Detect(search, reading: null, Cancellation), await here.Detect(search with { Data = plan.Data.Path, Reference = plan.Data.Path, Output = same }, reading: null, Cancellation));
        Assert.Equal((nearer.Flagged, nearer.Threshold, Told(nearer), await File.ReadAllTextAsync(same, Cancellation)), (farther.Flagged, farther.Threshold, Told(farther), await File.ReadAllTextAsync(scores, Cancellation)));
        Assert.Equal(await here.Evaluate(new("m", 1, plan.Data.Path, MissingRows.Refuse), null, Cancellation), await there.Evaluate(new("m", 1, path, MissingRows.Refuse), null, Cancellation));
        var replay = new VerificationPlan("m", Version: 1, Rounds: 3);
        Assert.Equal(await here.Verify(replay, null, Cancellation), await there.Verify(replay, null, Cancellation));
        Assert.Equal((await here.Inspect(plan.Data, null, Cancellation)).Columns, (await there.Inspect(plan.Data with { Path = path }, null, Cancellation)).Columns);
        Assert.Equal((await here.Import(plan.Data, null, Cancellation)).Root, (await there.Import(plan.Data with { Path = path }, null, Cancellation)).Root);

        var mistyped = plan with { Data = plan.Data with { Path = path, Columns = ["a", "nothing"] } };
        Assert.Contains("'nothing'", (await Assert.ThrowsAnyAsync<BadInputException>(() => there.StartRun("typo", mistyped, null, Cancellation))).Message); // the sentence comes to who asked for events, too
        var narrow = await there.Locate(LocalSource.Of(embedded.Write("narrow.csv", ["a,c", "1,2", "3,4"])), null, Cancellation);
        Assert.Contains("'b'", (await Assert.ThrowsAnyAsync<BadInputException>(() => there.Score(new("m", null, narrow, MissingRows.Refuse, null, Latent: false), null, Cancellation))).Message);

        await there.DeleteRun("m", Cancellation);
        await there.DeleteModel(new("m", 1), Cancellation);
        Assert.DoesNotContain(await there.Runs(Cancellation), run => run.Run == "m");
        Assert.Empty(await there.Models(Cancellation));
    }

    private static string Told(DetectionResult result) => System.Text.Json.JsonSerializer.Serialize(result.Top, FlowGrain.Api.ApiJson.Options);

    [Fact(Timeout = 120_000)]
    public async Task A_stopped_run_is_at_rest_and_goes_on()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var plan = embedded.Plan("nice", steps: 1_000_000);
        plan = plan with { Data = plan.Data with { Path = await silo.Cluster.Locate(LocalSource.Of(plan.Data.Path), null, Cancellation) } };
        await silo.Cluster.StartRun("long", plan, null, Cancellation);
        var (stopped, last) = (false, RunPhase.Idle);
        await foreach (var progress in silo.Cluster.WatchRun("long", TestContext.Current.CancellationToken))
        {
            last = progress.Phase;
            if (stopped || progress.Step == 0) continue;
            stopped = true;
            Assert.Equal(RunPhase.Stopped, (await silo.Cluster.StopRun("long", Cancellation)).Phase);
        }

        Assert.Equal((true, RunPhase.Stopped), (stopped, last));
        using var resumed = await silo.Http.PostAsync("runs/long/resume", null, Cancellation);
        Assert.True(resumed.IsSuccessStatusCode, await resumed.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(RunPhase.Training, (await silo.Cluster.Progress("long", Cancellation)).Phase);
        await silo.Cluster.StopRun("long", Cancellation);
    }

    [Fact]
    public async Task What_is_not_there_is_bad_input_in_a_sentence()
    {
        await Assert.ThrowsAnyAsync<BadInputException>(() => silo.Cluster.Describe(new("nobody", null), Cancellation));
        await Assert.ThrowsAnyAsync<BadInputException>(() => silo.Cluster.Progress("nobody", Cancellation));
        await Assert.ThrowsAnyAsync<BadInputException>(() => silo.Cluster.Locate(LocalSource.Of("/data/nothing.csv"), null, Cancellation));
        await Assert.ThrowsAnyAsync<BadInputException>(() => silo.Cluster.Inspect(new("/etc/passwd.csv", [], [], MissingRows.Refuse), null, Cancellation));
    }

    private static async Task<RunResult> Train(ICluster cluster, TrainingPlan plan)
    {
        await cluster.StartRun("m", plan, null, Cancellation);
        var last = default(RunProgress);
        await foreach (var progress in cluster.WatchRun("m", Cancellation)) last = progress;
        Assert.True(last!.Phase == RunPhase.Finished, last.Failure);
        return (await cluster.Result("m", Cancellation))!;
    }

    private static async Task<double[]> Rows(IAsyncEnumerable<ReadOnlyMemory<double>> chunks)
    {
        var rows = new List<double>();
        await foreach (var chunk in chunks) rows.AddRange(chunk.Span);
        return [.. rows];
    }

    private sealed class Reports : IProgress<ReadingProgress>
    {
        internal ReadingProgress? Last { get; set; }

        public void Report(ReadingProgress value) => Last = value;
    }
}
