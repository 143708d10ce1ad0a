using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Values that are missing and stay so, from the file to scores and samples.</summary>
public sealed class MissingValueTests : IAsyncLifetime
{
    private const int Rows = 4_000;
    private EmbeddedFixture _embedded = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _embedded = await EmbeddedFixture.Start();

    public ValueTask DisposeAsync() => _embedded.DisposeAsync();

    [Theory]
    [InlineData("maf")]
    [InlineData("nsf-ar")]
    public async Task Rows_that_lack_values_are_learned_and_scored_by_those_they_have(string preset)
    {
        var file = Pairs("pairs.csv");
        var result = await _embedded.Train("pairs", Plan(file, preset));
        Assert.Equal(Rows - Rows / 20, result.Rows); // without those that lack both
        Assert.InRange(result.ValidationNll - result.GaussianNll, -0.05, 0.08); // the rows are normal, so nothing can do better

        var scored = _embedded.Write("scored.csv", ["b,a", "6,1", ",1", "6,", ","]);
        var scores = await Scores("pairs", scored);
        Assert.Equal(LogNormal(1, 0, 1) + LogNormal(6, 5 + 0.8, 0.6), scores[0], 0.25);
        Assert.Equal(LogNormal(1, 0, 1), scores[1], 0.15); // of a alone
        Assert.Equal(LogNormal(6, 5, 1), scores[2], 0.2); // of b alone
        Assert.True(double.IsNaN(scores[3])); // of nothing
        var report = await Scoring.Evaluate(new EvaluationPlan("pairs", null, file, MissingRows.Refuse), Token);
        Assert.Equal(result.ValidationNll, report.Nll, 0.15);
        Assert.Equal(report.GaussianNll, report.Nll, 0.08);
        Assert.True(double.IsFinite(report.SlicedWasserstein));

        var drawn = (await _embedded.Cluster.Grains.GetGrain<IModelReplicaGrain>("pairs@1").Sample(new SampleRequest(0, 2_000, Seed: 0, new Block<double>(Array.Empty<double>())), Token)).Values.ToArray();
        Assert.All(drawn, value => Assert.True(double.IsFinite(value)));
        Assert.Equal(5, drawn.Where((_, i) => i % 2 == 1).Average(), 0.15);
    }

    [Fact]
    public async Task What_cannot_be_left_open_is_refused_and_a_row_without_any_value_is_left_out()
    {
        string[] rows = [.. Enumerable.Range(0, 40).Select(row => FormattableString.Invariant($"{row * row % 17},{row * 7 % 11},{row % 5}"))];
        Assert.StartsWith("--missing mask needs a flow that keeps one order of the columns, and nsf mixes them; take --model maf or nsf-ar or naf", await Refusal(Plan(Pairs("p.csv"), "nsf")));
        var context = _embedded.Write("context.csv", ["a,b,c", .. rows, "1,2,"]);
        Assert.Contains("row 41 (line 42), column 'c' is missing", await Refusal(Plan(context, "maf") with { Data = Data(context) with { Context = ["c"] } }));
        var infinite = _embedded.Write("infinite.csv", ["a,b,c", .. rows, "1,inf,2"]);
        Assert.Contains("column 'b' is not finite (inf)", await Refusal(Plan(infinite, "maf")));
        var category = _embedded.Write("category.csv", ["a,b,c", .. rows, "1,2,"]);
        Assert.Contains("column 'c' is missing", await Refusal(Plan(category, "maf") with { Data = Data(category) with { Kinds = ImmutableSortedDictionary<string, string>.Empty.Add("c", "category") } }));
        var empty = _embedded.Write("empty.csv", ["a,b,c", .. rows, ",,", "1,,2"]);
        var summary = await _embedded.Cluster.Grains.GetGrain<IDatasetGrain>(empty).Import(Data(empty), Token);
        Assert.Equal((41, 1), (summary.Rows, summary.DroppedRows));
    }

    [Fact]
    public async Task A_model_takes_missing_values_only_where_its_training_rows_lacked_some()
    {
        var file = Pairs("pairs.csv", alsoFirst: false);
        await _embedded.Train("second", Plan(file, "maf"));
        var scored = _embedded.Write("first.csv", ["a,b", "1,", ",6"]);
        var error = await Assert.ThrowsAsync<BadInputException>(() => Scores("second", scored));
        Assert.Contains("column 'a' is missing", error.Message);
    }

    [Fact]
    public async Task A_column_with_gaps_only_where_nothing_is_learned_of_them_is_closed_or_refused()
    {
        string[] rows = [.. Enumerable.Range(0, 400).Select(row => FormattableString.Invariant($"{row * row % 97 + 0.5},{(row % 4 == 0 ? "" : $"{row * 7 % 89 + 0.25}")},{row % 10}"))];
        var plan = Plan(_embedded.Write("empty-row.csv", ["a,b,c", .. rows, ",,3"]), "maf");
        plan = plan with { Data = plan.Data with { Context = ["c"] }, Steps = 20 };
        Assert.Equal(400, (await _embedded.Train("m", plan)).Rows); // a row that has only its context says nothing
        Assert.Contains("column 'a' is missing", (await Assert.ThrowsAsync<BadInputException>(() => Scores("m", _embedded.Write("s.csv", ["a,b,c", ",1,2"])))).Message);

        var held = _embedded.Write("held.csv", ["a,b,c", "1,2,3", ",4,5"]);
        var (train, whole) = (_embedded.Write("train.csv", ["a,b,c", .. rows]), plan);
        var refused = await Refusal(whole with { Data = whole.Data with { Path = train, Validation = held } });
        Assert.StartsWith("'train.csv': column 'a' lacks values only in rows that are held out", refused);
    }

    [Fact]
    public async Task What_is_always_there_may_not_depend_on_one_another_and_what_is_never_there_is_named()
    {
        string[] rows = [.. Enumerable.Range(0, 400).Select(row => FormattableString.Invariant($"{row * row % 97},{2 * (row * row % 97)},{(row % 2 == 0 ? "" : $"{row % 13}")},{(row % 2 == 1 ? "" : $"{row % 11}")}"))];
        Assert.Contains("has linearly dependent columns: 'b' = a linear combination of 'a'", await Refusal(Plan(_embedded.Write("dependent.csv", ["a,b,c,d", .. rows]), "maf")));
        Assert.Contains("has no value at all in 'e'; leave it out of --columns.", await Refusal(Plan(_embedded.Write("never.csv", ["a,e", .. Enumerable.Range(0, 40).Select(row => $"{row * row % 17},")]), "maf")));
    }

    [Fact]
    public async Task A_bounded_column_a_whole_one_and_noise_go_together_with_what_is_missing()
    {
        var random = new CounterRandom(9, "kinds");
        var file = _embedded.Write("kinds.csv", ["share,count", .. Enumerable.Range(0, Rows).Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{(row % 5 == 0 ? "" : (0.2 + 0.6 * random.Uniform(2 * row)).ToString(CultureInfo.InvariantCulture))},{(row % 7 == 0 ? "" : $"{random.Below(50, 2 * row + 1)}")}"))]);
        var plan = Plan(file, "nsf-ar");
        var kinds = ImmutableSortedDictionary<string, string>.Empty.Add("share", "bounded:0:1");
        var result = await _embedded.Train("kinds", plan with { Data = plan.Data with { Kinds = kinds }, Settings = plan.Settings.Add("noise", "0.02") });
        var expected = (4.0 / 5) * Math.Log(0.6) + (6.0 / 7) * Math.Log(50); // entropies of what is there
        Assert.InRange(result.ValidationNll - expected, -0.1, 0.5);
    }

    private IScoringGrain Scoring => _embedded.Cluster.Grains.GetGrain<IScoringGrain>("s");

    /// <summary>a is standard normal, b is 5 + 0.8 a with a deviation of 0.6; a quarter of b and, unless it is not wanted, a fifth of a are missing.</summary>
    private string Pairs(string name, bool alsoFirst = true)
    {
        var random = new CounterRandom(3, "pairs");
        return _embedded.Write(name, ["a,b", .. Enumerable.Range(0, Rows).Select(row =>
        {
            var a = random.Normal(2 * row);
            var b = 5 + 0.8 * a + 0.6 * random.Normal(2 * row + 1);
            return FormattableString.Invariant($"{(alsoFirst && row % 5 == 1 ? "" : a)},{(row % 4 == 0 ? "" : b)}");
        })]);
    }

    private static DataSelection Data(string file) => new(file, [], [], MissingRows.Mask);

    private TrainingPlan Plan(string file, string preset) => _embedded.Plan(preset, steps: 400) with { Data = Data(file), BatchRows = 64, Settings = ImmutableSortedDictionary<string, string>.Empty.Add("transforms", "2").Add("hidden", "16") };

    private async Task<string> Refusal(TrainingPlan plan) => (await Assert.ThrowsAsync<BadInputException>(() => _embedded.Train("refused", plan))).Message;

    private async Task<double[]> Scores(string model, string file)
    {
        var output = file + ".scores.csv";
        await Scoring.Score(new ScoringPlan(model, null, file, MissingRows.Refuse, output, Latent: false), Token);
        return [.. File.ReadLines(output).Skip(1).Select(line => double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture))];
    }

    private static double LogNormal(double x, double mean, double deviation) =>
        -0.5 * Math.Pow((x - mean) / deviation, 2) - Math.Log(deviation) - 0.5 * Math.Log(2 * Math.PI);
}
