using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Runs that begin with the weights of a published model.</summary>
public sealed class BeginningTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_validation_is_the_models_own_and_training_goes_on_downwards()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var plan = embedded.Plan() with { Seed = 3 };
        var held = embedded.Write("held.csv", File.ReadLines(plan.Data.Path).Take(101));
        plan = plan with { Data = plan.Data with { Validation = held } };
        var model = await embedded.Train("m", plan);
        var further = await embedded.Train("n", On(plan, "m") with { Steps = 60 });

        var first = (await embedded.Run("n").Series(version: null)).Validation[0];
        Assert.Equal((0L, model.ValidationNll), (first.Step, first.Nats));
        Assert.Equal(await Evaluate(embedded, "m", held), first.Nats, 1e-5);
        Assert.True(further.ValidationNll < model.ValidationNll - 0.05, $"from {model.ValidationNll} to {further.ValidationNll}");
        Assert.Equal(model.GaussianNll, further.GaussianNll);

        var record = Json.Value<RunRecord>(await File.ReadAllBytesAsync(Path.Combine(further.Path, "run.json"), Token));
        Assert.Equal(new ModelOrigin("m", 1, model.WeightsSha256), record.From);
        Assert.Equal(("m@1", "nsf", "8"), (record.Plan.From, record.Plan.Model, record.Plan.Settings["hidden"]));
        Assert.Contains($"Begun with the weights of `m@1`, SHA-256 `{model.WeightsSha256}`.", await File.ReadAllTextAsync(Path.Combine(further.Path, "card.md"), Token));
    }

    [Fact]
    public async Task What_is_never_better_than_the_model_is_the_model_again()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var model = await embedded.Train("m", embedded.Plan(steps: 60));
        var worse = await embedded.Train("m", On(embedded.Plan(), "m") with { Steps = 5, LearningRate = 5, Settings = ImmutableSortedDictionary<string, string>.Empty.Add("average_decay", "0").Add("clip_norm", "1e9").Add("warmup", "1") });
        Assert.Equal((2, model.WeightsSha256), (worse.Version, worse.WeightsSha256));
        Assert.True((await Verify(embedded, "m")).Equal);
    }

    [Theory]
    [InlineData("maf", SyncMode.Sync)]
    [InlineData("nsf", SyncMode.Local)]
    [InlineData("nsf", SyncMode.Diloco)]
    public async Task The_bits_are_those_of_any_slots_and_ranges_and_of_a_run_whose_model_is_deleted_on_the_way(string preset, SyncMode mode)
    {
        await using var calm = await EmbeddedFixture.Start(slots: 3);
        using var folder = new TempFolder();
        RunResult alone;
        await using (var first = await EmbeddedFixture.Start(slots: 1, folder))
        {
            foreach (var embedded in new[] { calm, first }) await embedded.Train("m", embedded.Plan(preset));
            alone = await calm.Train("n", Further(calm));
            var run = first.Run("n");
            await run.Start(Further(first), Token);
            await first.Cluster.Grains.GetGrain<IModelGrain>("m").Delete(1, by: null, Token);
            await run.Stop();
        }

        await using var second = await EmbeddedFixture.Start(slots: 2, folder); // which finds the copy of the run alone
        var resumed = second.Run("n");
        await resumed.Resume(acceptClass: false, Token);
        await EmbeddedFixture.Until(resumed, progress => progress.Phase is RunPhase.Finished or RunPhase.Failed);
        Assert.Equal(alone.WeightsSha256, (await resumed.Result())!.WeightsSha256);
        Assert.True((await Verify(second, "n")).Equal);

        await resumed.Delete();
        var lost = await Assert.ThrowsAsync<BadInputException>(() => Verify(second, "n"));
        Assert.StartsWith("Run 'n' version 1 began with the weights of m@1, SHA-256 ", lost.Message);

        TrainingPlan Further(EmbeddedFixture embedded) => On(embedded.Plan(preset), "m") with { Steps = 300, Mode = mode, InnerSteps = mode == SyncMode.Sync ? null : 10, Ranges = embedded == calm ? 3 : 1 };
    }

    [Fact]
    public async Task A_version_whose_copy_and_model_are_gone_says_so()
    {
        await using var embedded = await EmbeddedFixture.Start();
        await embedded.Train("m", embedded.Plan(steps: 5));
        var run = embedded.Run("n");
        await run.Start(On(embedded.Plan(), "m") with { Steps = 100_000 }, Token);
        await run.Stop();
        await embedded.Cluster.Grains.GetGrain<IModelGrain>("m").Delete(version: null, by: null, Token);
        File.WriteAllBytes(Path.Combine(embedded.Home, "runs", "n", "1", "beginning.bin"), [1, 2, 3]);
        var gone = await Assert.ThrowsAsync<BadInputException>(() => run.Resume(acceptClass: false, Token));
        Assert.StartsWith("Run 'n' version 1 began with the weights of m@1, of which '", gone.Message);
    }

    [Fact]
    public async Task A_name_and_an_alias_mean_the_version_that_they_name_at_the_start()
    {
        await using var embedded = await EmbeddedFixture.Start();
        await embedded.Train("m", embedded.Plan(steps: 3));
        await embedded.Train("m", embedded.Plan(steps: 4));
        await embedded.Cluster.Grains.GetGrain<IModelGrain>("m").Point("old", "1", expected: null, by: null, Token);
        var plan = On(embedded.Plan(), "m@old") with { Steps = 2 };
        await embedded.Train("n", plan);
        Assert.Equal("m@1", (await embedded.Run("n").Plan())!.From);
        Assert.Equal(1, (await embedded.Train("n", plan)).Version);
        Assert.Equal(2, (await embedded.Train("n", plan with { From = "m" })).Version);
        Assert.Equal("m@2", (await embedded.Run("n").Plan())!.From);
    }

    [Fact]
    public async Task Another_flow_than_the_models_is_refused_by_what_differs()
    {
        await using var embedded = await EmbeddedFixture.Start();
        await embedded.Train("m", embedded.Plan(steps: 3, context: true));
        var plan = On(embedded.Plan(), "m") with { Steps = 2 };
        Assert.StartsWith("There is no model 'k'", await Refusal(embedded, plan with { From = "k" }));
        Assert.Equal("Model 'm' has no version 7; it has 1.", await Refusal(embedded, plan with { From = "m@7" }));
        Assert.Equal("--from m@1: that model is of the preset nsf, and --model says maf; leave --model out to train the model's own.", await Refusal(embedded, plan with { Model = "maf" }));
        Assert.Equal("--from m@1: that model is of the preset nsf, and --spec gives another flow; leave --spec out to train the model's own.", await Refusal(embedded, plan with { Design = """{"transforms":[{"type":"actnorm"}]}""" }));
        Assert.Equal("--from m@1: that model has transforms=2, and --set says transforms=3; leave it out to train the model's own.", await Refusal(embedded, Set(plan, "transforms", "3")));
        Assert.Equal("--from m@1: that model has tail_bound fitted to its data, and --set says tail_bound=4; leave it out to train the model's own.", await Refusal(embedded, Set(plan, "tail_bound", "4")));
        Assert.Equal("--from m@1: that model has dequantise=0, and --set says dequantise=8; leave it out to train the model's own.", await Refusal(embedded, Set(plan, "dequantise", "8")));
        Assert.Equal("--from m@1: that model models 'b', which --columns leaves out; its columns must be the same.", await Refusal(embedded, plan with { Data = plan.Data with { Columns = ["a"] } }));
        Assert.Equal("--from m@1: --context names 'b', which that model does not have there; its columns must be the same.", await Refusal(embedded, plan with { Data = plan.Data with { Context = ["c", "b"] } }));
        Assert.Equal(1, (await embedded.Train("same", Set(plan, "transforms", "2") with { Model = "nsf", Data = plan.Data with { Columns = ["b", "a"], Context = ["c"] } })).Version);
    }

    [Fact]
    public async Task A_column_that_is_no_longer_what_it_was_is_refused_by_its_name()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var kinds = ImmutableSortedDictionary<string, string>.Empty.Add("s", "bounded:0:1").Add("k", "category");
        await embedded.Train("m", embedded.Plan("nsf", steps: 3) with { Data = new DataSelection(Kinds(embedded, "m.csv", ["x", "y", "z"], whole: true), ["n", "s"], ["k"], MissingRows.Refuse) { Kinds = kinds } });
        var plan = On(embedded.Plan(), "m") with { Steps = 2 };
        Assert.Equal("--from m@1: 'fraction.csv': column 'n' is numbers, and was whole numbers to that model; say what it is with --as n=KIND, or train a fresh model.", await Refusal(embedded, Of("fraction.csv", ["x", "y"], whole: false)));
        Assert.Equal("--from m@1: 'level.csv': column 'k' has the value 'w', which that model has never seen; leave such rows out, or train a fresh model.", await Refusal(embedded, Of("level.csv", ["w", "x", "z"], whole: true)));
        var robust = Of("robust.csv", ["x", "z"], whole: true);
        Assert.Equal(
            "--from m@1: 'robust.csv': column 's' is robust, and was bounded by 0 and 1 to that model; say what it is with --as s=KIND, or train a fresh model.",
            await Refusal(embedded, robust with { Data = robust.Data with { Kinds = kinds.SetItem("s", "robust") } }));
        Assert.Contains("'table.csv' has no column 'k'", await Refusal(embedded, plan with { Data = plan.Data with { Path = embedded.Plan().Data.Path } }));

        TrainingPlan Of(string file, string[] levels, bool whole) => plan with { Data = new DataSelection(Kinds(embedded, file, levels, whole), [], [], MissingRows.Refuse) };
    }

    [Fact]
    public async Task A_category_keeps_the_models_levels_where_the_data_have_fewer()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var kinds = ImmutableSortedDictionary<string, string>.Empty.Add("k", "category").Add("s", "number");
        var plan = embedded.Plan("nsf", steps: 40) with { Data = new DataSelection(Kinds(embedded, "m.csv", ["x", "y", "z"], whole: true), ["s", "k"], ["n"], MissingRows.Refuse) { Kinds = kinds } };
        await embedded.Train("m", plan);
        var (few, held) = (Kinds(embedded, "few.csv", ["y", "z"], whole: true), Kinds(embedded, "held.csv", ["z"], whole: true));
        await embedded.Train("n", On(plan, "m") with { Steps = 2, Data = new DataSelection(few, [], [], MissingRows.Refuse) { Validation = held } });
        var first = (await embedded.Run("n").Series(version: null)).Validation[0];
        Assert.Equal(await Evaluate(embedded, "m", held), first.Nats, 1e-5);
    }

    /// <summary>A plan that leaves to the model what it can.</summary>
    private static TrainingPlan On(TrainingPlan plan, string model) => plan with
    {
        From = model, Model = "", Settings = ImmutableSortedDictionary<string, string>.Empty, Data = plan.Data with { Columns = [], Context = [] },
    };

    private static TrainingPlan Set(TrainingPlan plan, string name, string value) => plan with { Settings = plan.Settings.Add(name, value) };

    private static async Task<string> Refusal(EmbeddedFixture embedded, TrainingPlan plan) => (await Assert.ThrowsAnyAsync<BadInputException>(() => embedded.Run("refused").Start(plan, Token))).Message;

    private static async Task<double> Evaluate(EmbeddedFixture embedded, string model, string file) =>
        (await embedded.Cluster.Grains.GetGrain<IScoringGrain>("s").Evaluate(new EvaluationPlan(model, null, file, MissingRows.Refuse), Token)).Nll;

    private static Task<VerificationReport> Verify(EmbeddedFixture embedded, string model) => embedded.Cluster.Grains.GetGrain<IVerificationGrain>("v").Verify(new VerificationPlan(model, null, Rounds: null), Token);

    /// <summary>A whole number n unless it is to be none, a share s of a bounded column, and a category k.</summary>
    private static string Kinds(EmbeddedFixture embedded, string name, string[] levels, bool whole)
    {
        var random = new CounterRandom(levels.Length, name);
        return embedded.Write(name, ["n,s,k", .. Enumerable.Range(0, 300).Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{random.Below(40, 2 * row) + (whole ? 0 : 0.5)},{0.1 + 0.8 * random.Uniform(2 * row + 1)},{levels[row % levels.Length]}"))]);
    }
}
