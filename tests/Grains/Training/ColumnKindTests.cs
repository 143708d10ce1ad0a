using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Columns that are no plain numbers, from the file to scores and samples.</summary>
public sealed class ColumnKindTests : IAsyncLifetime
{
    private const int Rows = 2000;
    private EmbeddedFixture _embedded = null!;

    public async ValueTask InitializeAsync() => _embedded = await EmbeddedFixture.Start();

    public ValueTask DisposeAsync() => _embedded.DisposeAsync();

    [Fact]
    public async Task Whole_numbers_have_the_density_of_their_even_spread()
    {
        var random = new CounterRandom(1, "dice");
        var file = _embedded.Write("dice.csv", ["a,b", .. Enumerable.Range(0, Rows).Select(row => $"{random.Below(100, 2 * row)},{random.Below(100, 2 * row + 1)}")]);
        var result = await Train("dice", file, ["a", "b"], []);
        Assert.InRange(result.ValidationNll, 2 * Math.Log(100) - 0.05, 2 * Math.Log(100) + 0.3); // not below the entropy, as it would without a spread
        var report = await _embedded.Cluster.Grains.GetGrain<IScoringGrain>("e").Evaluate(new EvaluationPlan("dice", null, file, MissingRows.Refuse), Token);
        Assert.Equal(report.Nll / (2 * Math.Log(2)), report.BitsPerDim!.Value, 1e-9);
        Assert.Equal(result.GaussianNll, report.GaussianNll, 0.2);
        Assert.All((await Sample("dice")).ToArray(), value => Assert.Equal(Math.Floor(value), value));
    }

    [Fact]
    public async Task Where_numbers_lie_in_their_steps_is_learned_on_demand_and_draws_are_whole_still()
    {
        var random = new CounterRandom(9, "coins");
        var file = _embedded.Write("coins.csv", ["a,b", .. Enumerable.Range(0, Rows).Select(row => $"{random.Below(2, 2 * row)},{random.Uniform(2 * row + 1):F6}")]);
        var plan = new TrainingPlan { Data = new DataSelection(file, ["a", "b"], [], MissingRows.Refuse), Model = "realnvp", Steps = 150, Settings = ImmutableSortedDictionary<string, string>.Empty.Add("hidden", "16").Add("transforms", "2") };
        var even = await _embedded.Train("even", plan);
        var learned = await _embedded.Train("learned", plan with { Settings = plan.Settings.Add("dequantise", "8") });
        Assert.True(learned.ValidationNll < even.ValidationNll - 0.05, $"learned {learned.ValidationNll}, even {even.ValidationNll}"); // a wall at both ends is what an affine flow cannot draw
        Assert.All((await Sample("learned")).ToArray().Chunk(2), row => Assert.True(row[0] == Math.Floor(row[0]), $"drew {row[0]}"));
        var error = await Assert.ThrowsAsync<BadInputException>(() => _embedded.Train("none", plan with { Data = plan.Data with { Columns = ["b"] }, Settings = plan.Settings.Add("dequantise", "8") }));
        Assert.Contains("--set dequantise finds no column of whole numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Multiples_of_a_step_are_spread_over_it_and_drawn_again()
    {
        var random = new CounterRandom(7, "cents");
        var file = _embedded.Write("cents.csv", ["a,b", .. Enumerable.Range(0, Rows).Select(row => $"{random.Below(100, 2 * row) / 100.0:F2},{random.Below(100, 2 * row + 1) / 100.0:F2}")]);
        var result = await Train("cents", file, ["a", "b"], [], ("a", "lattice:0.01"), ("b", "lattice:0.01"));
        Assert.InRange(result.ValidationNll, -0.05, 0.3); // even over a square of size one
        Assert.All((await Sample("cents")).ToArray(), value => Assert.Equal(Math.Round(value * 100), value * 100, 1e-9));
    }

    [Fact]
    public async Task A_validation_file_is_what_the_figure_of_validation_is_of()
    {
        string[] Rows(string stream, int count)
        {
            var random = new CounterRandom(8, stream);
            return ["a,b", .. Enumerable.Range(0, count).Select(row => FormattableString.Invariant($"{random.Uniform(2 * row)},{random.Uniform(2 * row + 1)}"))];
        }

        var (train, held) = (_embedded.Write("train.csv", Rows("train", 2000)), _embedded.Write("held.csv", Rows("held", 300)));
        var plan = new TrainingPlan { Data = new DataSelection(train, ["a", "b"], [], MissingRows.Refuse) { Validation = held }, Steps = 60 };
        var result = await _embedded.Train("held", plan);
        Assert.Equal(2000, result.Rows);
        var report = await _embedded.Cluster.Grains.GetGrain<IScoringGrain>("e").Evaluate(new EvaluationPlan("held", null, held, MissingRows.Refuse), Token);
        Assert.Equal(report.Nll, result.ValidationNll, 1e-4);
        var both = plan with { Data = plan.Data with { GroupBy = "a" } };
        var error = await Assert.ThrowsAsync<BadInputException>(() => _embedded.Train("both", both));
        Assert.Equal("--group-by says which rows are held out together, and --validation names a file, so none are; leave one of them out.", error.Message);
    }

    [Fact]
    public async Task A_column_declared_a_number_is_not_spread()
    {
        var random = new CounterRandom(2, "numbers");
        var file = _embedded.Write("n.csv", ["a,b", .. Enumerable.Range(0, Rows).Select(row => $"{random.Below(1000, 2 * row)},{random.Below(1000, 2 * row + 1)}")]);
        var spread = await Train("spread", file, ["a", "b"], []);
        var plain = await Train("plain", file, ["a", "b"], [], ("a", "number"), ("b", "number"));
        Assert.NotEqual(spread.WeightsSha256, plain.WeightsSha256);
        Assert.Contains((await Sample("plain")).ToArray(), value => value != Math.Floor(value));
    }

    [Fact]
    public async Task A_category_to_condition_on_tells_the_rows_apart()
    {
        var file = Colored("kinds.csv");
        var without = await Train("without", file, ["x"], []);
        var with = await Train("with", file, ["x"], ["color"], ("color", "category"));
        Assert.True(with.ValidationNll < without.ValidationNll - 0.5, $"with {with.ValidationNll}, without {without.ValidationNll}");
        var model = await _embedded.Cluster.Grains.GetGrain<IModelGrain>("with").Describe(null);
        Assert.Equal(["blue", "red", "white"], model.Levels["color"]);
        Assert.Equal(["x"], model.Columns);
        Assert.Equal(["color"], model.Context);
        Assert.Equal(0, (await Sample("with", 0)).ToArray().Average(), 0.4);
        Assert.Equal(10, (await Sample("with", 1)).ToArray().Average(), 0.4);
        await Assert.ThrowsAsync<BadInputException>(() => Sample("with", 3));
    }

    [Fact]
    public async Task A_modelled_category_has_its_share_of_the_density_and_of_the_samples()
    {
        var file = Colored("both.csv");
        var alone = await Train("given", file, ["x"], ["color"], ("color", "category"));
        var both = await Train("both", file, ["color", "x"], [], ("color", "category"));
        Assert.Equal(2, both.Dimension);
        Assert.Equal(alone.ValidationNll + Entropy(0.5, 0.25, 0.25), both.ValidationNll, 0.15);
        Assert.Equal(alone.GaussianNll + Entropy(0.5, 0.25, 0.25), both.GaussianNll, 0.15);
        var samples = (await Sample("both")).ToArray();
        var colors = samples.Where((_, i) => i % 2 == 0).ToArray();
        Assert.Equal(0.5, colors.Count(color => color == 0) / 1000.0, 0.06);
        Assert.Equal(10, samples.Where((_, i) => i % 2 == 1 && samples[i - 1] == 1).Average(), 0.4);
    }

    [Fact]
    public async Task A_level_that_the_model_has_never_seen_is_refused_by_its_name_or_scored_as_no_number()
    {
        await Train("both", Colored("seen.csv"), ["color", "x"], [], ("color", "category"));
        var file = _embedded.Write("unseen.csv", ["x,color", "0.5,blue", "10,green", "9.5,red"]);
        var error = await Assert.ThrowsAsync<BadInputException>(() => Score("both", file, MissingRows.Refuse));
        Assert.Contains("column 'color' has 'green', which the model has never seen (it knows blue, red, white)", error.Message);
        var scored = await Score("both", file, MissingRows.Drop);
        Assert.Equal((3, 1), (scored.Rows, scored.NonFinite));
    }

    [Fact]
    public async Task A_bounded_column_has_all_of_its_density_between_its_bounds()
    {
        var random = new CounterRandom(3, "shares");
        var file = _embedded.Write("shares.csv", ["p", .. Enumerable.Range(0, Rows).Select(row => Text(Math.Pow(random.Uniform(row), 3)))]);
        var bounded = await Train("bounded", file, ["p"], [], ("p", "bounded:0:1"));
        Assert.Equal(-0.9, bounded.ValidationNll, 0.15); // log 3 − 2 of the cube of a uniform
        Assert.All((await Sample("bounded")).ToArray(), value => Assert.InRange(value, 0, 1));
        var outside = await Score("bounded", _embedded.Write("outside.csv", ["p", "0.5", "1.5"]), MissingRows.Refuse);
        Assert.Equal(1, outside.NonFinite);
        var error = await Assert.ThrowsAsync<BadInputException>(() => Train("narrow", file, ["p"], [], ("p", "bounded:0:0.5")));
        Assert.Contains("leaves no density on the bounds or beyond; widen them", error.Message);
    }

    [Fact]
    public async Task A_robust_column_is_learned_in_spite_of_its_outliers()
    {
        var random = new CounterRandom(4, "tails");
        var file = _embedded.Write("tails.csv", ["x", .. Enumerable.Range(0, Rows).Select(row => Text(Math.Tan(Math.PI * (random.Uniform(row) - 0.5))))]);
        var robust = await Train("robust", file, ["x"], [], ("x", "robust"));
        Assert.Equal(Math.Log(4 * Math.PI), robust.ValidationNll, 0.25); // the entropy of a Cauchy column, whose deviation is that of its largest outlier
        Assert.True(robust.GaussianNll > robust.ValidationNll + 1);
    }

    [Fact]
    public async Task Dates_are_days_to_the_flow_and_dates_to_people()
    {
        var random = new CounterRandom(9, "days");
        var file = _embedded.Write("days.csv", ["day,at,x", .. Enumerable.Range(0, Rows).Select(row => (Day: random.Below(1000, 3 * row), At: random.Uniform(3 * row + 1), Other: 3 * row + 2)).Select(row =>
            $"{DateText.Of(19_000 + row.Day, isWhole: true)},{DateText.Of(19_000 + row.Day + row.At, isWhole: false)},{Text(random.Uniform(row.Other))}")]);
        await Train("days", file, ["day", "x"], ["at"]);
        var model = await _embedded.Cluster.Grains.GetGrain<IModelGrain>("days").Describe(null);
        Assert.Equal(["day", "at"], model.Dates);
        Assert.Equal(["day"], model.Whole);
        Assert.InRange(model.Ranges[0].Low, 18_990, 19_100);
        var card = await File.ReadAllTextAsync(Path.Combine(model.Path, "card.md"), Token);
        Assert.Contains("| `day` | learned, dates, each spread over its day | 2022-01-0", card);
        Assert.Matches(@"\nday, 202\d-\d\d-\d\d to 202\d-\d\d-\d\d\n", card);
        Assert.Equal(1, (await Score("days", _embedded.Write("new.csv", ["x,day,at", "0.5,2023-01-01,2023-01-01T12:00:00Z"]), MissingRows.Refuse)).Rows);
    }

    [Fact]
    public async Task An_angle_to_condition_on_has_no_ends()
    {
        var random = new CounterRandom(5, "hours");
        var file = _embedded.Write("hours.csv", ["x,hour", .. Enumerable.Range(0, Rows).Select(row =>
            (Hour: 24 * random.Uniform(3 * row), Noise: random.Normal(3 * row + 1))).Select(row => $"{Text(5 * Math.Cos(row.Hour / 24 * 2 * Math.PI) + 0.3 * row.Noise)},{Text(row.Hour)}")]);
        await Train("hours", file, ["x"], ["hour"], ("hour", "angle:24"));
        Assert.Equal((await Sample("hours", 0.0)).ToArray().Average(), (await Sample("hours", 24.0)).ToArray().Average(), 1e-3);
    }

    [Theory]
    [InlineData("y", "category", "--as y: 'bad.csv' has no such column among those that are used; they are x, color")]
    [InlineData("x", "sphere", "--as x=sphere: there is no kind 'sphere'; a column is number, whole, lattice:STEP")]
    [InlineData("x", "bounded:1:0", "--as x=bounded:1:0: write bounded:LOW:HIGH with two numbers, the lower one first")]
    [InlineData("x", "number:2", "--as x=number:2: number takes no numbers")]
    [InlineData("x", "angle", "--as x=angle: write angle:PERIOD with the size of a whole turn")]
    [InlineData("color", "robust", "--as color=robust: 'color' is context, which is only conditioned on")]
    [InlineData("x", "category", "'bad.csv' has no number left to model: every column is a category")]
    public async Task A_kind_that_cannot_be_is_refused(string column, string kind, string says)
    {
        var error = await Assert.ThrowsAsync<BadInputException>(() => Train("bad", Colored("bad.csv"), ["x"], ["color"], (column, kind)));
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public async Task A_category_of_one_level_or_of_too_many_is_refused()
    {
        var file = _embedded.Write("levels.csv", ["x,one,many", .. Enumerable.Range(0, 1500).Select(row => $"{row / 7.0:F3},same,id{row}")]);
        Assert.Contains("column 'one' is always 'same'", (await Assert.ThrowsAsync<BadInputException>(() => Train("one", file, ["x"], ["one"], ("one", "category")))).Message);
        Assert.Contains("column 'many' has more than 1000 different values", (await Assert.ThrowsAsync<BadInputException>(() => Train("many", file, ["x"], ["many"], ("many", "category")))).Message);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static double Entropy(params double[] shares) => -shares.Sum(share => share * Math.Log(share));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>x about 0 where the color is blue, which half of the rows are, 10 where it is red and 20 where it is white.</summary>
    private string Colored(string name)
    {
        var (random, colors) = (new CounterRandom(6, "colors"), new[] { "blue", "red", "blue", "white" });
        return _embedded.Write(name, ["x,color", .. Enumerable.Range(0, Rows).Select(row => (Color: random.Below(4, 3 * row), Noise: random.Normal(3 * row + 1)))
            .Select(row => $"{Text((row.Color % 2 == 0 ? 0 : row.Color == 1 ? 10 : 20) + row.Noise)},{colors[row.Color]}")]);
    }

    private Task<RunResult> Train(string name, string file, ImmutableArray<string> columns, ImmutableArray<string> context, params (string Column, string Kind)[] kinds) =>
        _embedded.Train(name, _embedded.Plan(steps: 250) with
        {
            Data = new DataSelection(file, columns, context, MissingRows.Refuse) { Kinds = kinds.ToImmutableSortedDictionary(kind => kind.Column, kind => kind.Kind) },
            BatchRows = 128,
        });

    private Task<ScoringResult> Score(string model, string file, MissingRows missing) =>
        _embedded.Cluster.Grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString()).Score(new ScoringPlan(model, null, file, missing, Output: null, Latent: false), Token);

    private async Task<ReadOnlyMemory<double>> Sample(string model, params double[] context) =>
        (await _embedded.Cluster.Grains.GetGrain<IModelReplicaGrain>($"{model}@1").Sample(new SampleRequest(0, 1000, Seed: 0, new Block<double>(context)), Token)).Values;
}
