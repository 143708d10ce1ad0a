using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Angles that are learned, and the probability of bins, from the file to scores and samples.</summary>
public sealed class AngleColumnTests : IAsyncLifetime
{
    private const int Rows = 2000;
    private EmbeddedFixture _embedded = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _embedded = await EmbeddedFixture.Start();

    public ValueTask DisposeAsync() => _embedded.DisposeAsync();

    [Theory, InlineData("nsf"), InlineData("nsf-ar")]
    public async Task A_table_of_an_angle_and_a_number_is_learned_round_the_circle(string preset)
    {
        const double Deviation = 25;

        var random = new CounterRandom(5, "wind");
        var file = _embedded.Write("wind.csv", ["heading,speed", .. Enumerable.Range(0, Rows).Select(row => Deviation * random.Normal(2 * row)).Select((turn, row) =>
            $"{Text((turn + 720) % 360)},{Text(5 + 3 * Math.Cos(turn / 180 * Math.PI) + 0.5 * random.Normal(2 * row + 1))}")]);
        var result = await Train(preset, file, ["heading", "speed"], preset, ("heading", "angle:360"));
        var entropy = Math.Log(2 * Math.PI * Math.E) + Math.Log(Deviation) + Math.Log(0.5);
        Assert.InRange(result.ValidationNll, entropy - 0.2, entropy + 0.25);
        Assert.True(result.GaussianNll > result.ValidationNll + 1); // to which half of the rows lie at 0 and half at 360
        var samples = (await Sample(preset)).ToArray().Chunk(2).ToArray();
        Assert.All(samples, row => Assert.InRange(row[0], 0, Math.BitDecrement(360.0)));
        Assert.InRange(samples.Average(row => Math.Cos(row[0] / 180 * Math.PI)), 0.87, 0.94); // exp(−σ²/2)
        Assert.Equal(await Mean(preset, "10,8"), await Mean(preset, "370,8"), 1e-4);
        Assert.Equal(await Mean(preset, "0.0001,8"), await Mean(preset, "359.9999,8"), 1e-2);
        var model = await _embedded.Cluster.Grains.GetGrain<IModelGrain>(preset).Describe(null);
        Assert.Equal((new ColumnRange(0, 360), "standard-normal and uniform for angles", "exact"), (model.Ranges[0], model.Base, model.Abilities!.LogDensity));
        Assert.StartsWith("torch", result.DeviceClass, StringComparison.Ordinal);
        Assert.Equal(["heading"], model.Angles);
        Assert.Contains("| `heading` | learned, angle of period 360 |", await File.ReadAllTextAsync(Path.Combine(model.Path, "card.md"), Token));
        var report = await _embedded.Cluster.Grains.GetGrain<IScoringGrain>("e").Evaluate(new EvaluationPlan(preset, null, file, MissingRows.Refuse), Token);
        Assert.InRange(report.Calibration, 0, 0.1);
        Assert.InRange(report.RoundTripError, 0, 0.01);
    }

    [Fact]
    public async Task Whole_hours_are_spread_and_drawn_whole()
    {
        var random = new CounterRandom(6, "hours");
        var file = _embedded.Write("hours.csv", ["hour,x", .. Enumerable.Range(0, Rows).Select(row => $"{(random.Below(6, 2 * row) + 21) % 24},{Text(random.Uniform(2 * row + 1))}")]); // 21 to 2, evenly
        var result = await Train("hours", file, ["hour", "x"], "nsf", ("hour", "angle:24"));
        Assert.InRange(result.ValidationNll, Math.Log(6) - 0.02, Math.Log(6) + 0.25);
        var hours = (await Sample("hours")).ToArray().Chunk(2).Select(row => row[0]).ToArray();
        Assert.All(hours, hour => Assert.Equal(Math.Floor(hour), hour));
        Assert.InRange(hours.Count(hour => hour is >= 21 or <= 2), 930, 1000);
        Assert.Equal(["hour"], (await _embedded.Cluster.Grains.GetGrain<IModelGrain>("hours").Describe(null)).Whole);
        Assert.InRange(await Mean("hours", "22,0.5", draws: 64), Math.Log(1 / 6.0) - 0.3, Math.Log(1 / 6.0) + 0.3);
    }

    [Theory]
    [InlineData("maf", "--as x=angle: maf takes every column for a line with two ends; take --model nsf or nsf-ar, or condition on it with --context x.")]
    [InlineData("glow", "--as x=angle: glow takes every column for a line")]
    public async Task A_preset_without_circles_says_which_has_them(string preset, string says)
    {
        var file = _embedded.Write("x.csv", ["x", .. Enumerable.Range(0, 50).Select(row => Text(row / 7.0))]);
        Assert.Contains(says, (await Assert.ThrowsAsync<BadInputException>(() => Train("refused", file, ["x"], preset, ("x", "angle:24")))).Message);
    }

    [Fact]
    public async Task Two_coins_have_the_probabilities_that_they_fall_with_and_the_estimate_says_what_it_is()
    {
        var random = new CounterRandom(7, "coins");
        var file = _embedded.Write("coins.csv", ["a,b", .. Enumerable.Range(0, Rows).Select(row => $"{(random.Uniform(2 * row) < 0.7 ? 1 : 0)},{(random.Uniform(2 * row + 1) < 0.4 ? 1 : 0)}")]);
        await Train("coins", file, ["a", "b"], "nsf");
        double[] exact = [0.3 * 0.6, 0.3 * 0.4, 0.7 * 0.6, 0.7 * 0.4];
        string[] rows = ["0,0", "0,1", "1,0", "1,1"];
        var estimates = new List<double>();
        foreach (var row in rows) estimates.Add(await Mean("coins", row, draws: 128));
        Assert.All(estimates.Zip(exact), pair => Assert.Equal(Math.Log(pair.Second), pair.First, 0.25));
        Assert.InRange(estimates.Sum(Math.Exp), 0.85, 1.05);

        var output = $"{file}.bins.csv";
        var result = await _embedded.Cluster.Grains.GetGrain<IScoringGrain>("bins").Score(Plan("coins", file, draws: 32) with { Output = output }, Token);
        Assert.Equal("log P(bin), estimated by the mean density of 32 draws a row", result.Estimate);
        var lines = await File.ReadAllLinesAsync(output, Token);
        Assert.Equal("row,log_prob_bin_estimate", lines[0]);
        Assert.Equal(4, lines.Skip(1).Select(line => line.Split(',')[1]).Distinct().Count()); // equal rows score equally
        var none = await _embedded.Cluster.Grains.GetGrain<IScoringGrain>("none").Score(Plan("coins", file, draws: null), Token);
        Assert.Null(none.Estimate);
    }

    [Fact]
    public async Task A_model_without_bins_and_draws_without_sense_are_refused()
    {
        var file = _embedded.Write("n.csv", ["x", .. Enumerable.Range(0, 200).Select(row => Text(Math.Sin(row)))]);
        await Train("plain", file, ["x"], "nsf");
        Assert.Contains("'plain' has none: no column that it learned is whole", (await Assert.ThrowsAsync<BadInputException>(() => Mean("plain", file: file, draws: 4))).Message);
        Assert.Contains("--dequantise-draws is 0; it must be from 1 to 1024.", (await Assert.ThrowsAsync<BadInputException>(() => Mean("plain", file: file, draws: 0))).Message);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private Task<RunResult> Train(string name, string file, ImmutableArray<string> columns, string preset, params (string Column, string Kind)[] kinds) =>
        _embedded.Train(name, _embedded.Plan(steps: 250) with
        {
            Data = new DataSelection(file, columns, [], MissingRows.Refuse) { Kinds = kinds.ToImmutableSortedDictionary(kind => kind.Column, kind => kind.Kind) },
            Model = preset,
            LearningRate = 0.01,
            BatchRows = 128,
        });

    /// <summary>The score of a row of the model's columns.</summary>
    private async Task<double> Mean(string model, string row, int? draws = null)
    {
        var columns = (await _embedded.Cluster.Grains.GetGrain<IModelGrain>(model).Describe(null)).Columns;
        return await Mean(model, draws, _embedded.Write($"{Guid.NewGuid():N}.csv", [string.Join(',', columns), row]));
    }

    private async Task<double> Mean(string model, int? draws, string file) =>
        (await _embedded.Cluster.Grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString()).Score(Plan(model, file, draws), Token)).MeanLogProb;

    private static ScoringPlan Plan(string model, string file, int? draws) => new(model, null, file, MissingRows.Refuse, Output: null, Latent: false) { DequantiseDraws = draws };

    private async Task<ReadOnlyMemory<double>> Sample(string model) =>
        (await _embedded.Cluster.Grains.GetGrain<IModelReplicaGrain>($"{model}@1").Sample(new SampleRequest(0, 1000, Seed: 0, new Block<double>(Array.Empty<double>())), Token)).Values;
}
