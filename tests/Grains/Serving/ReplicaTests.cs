using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class ReplicaTests(ServingFixture serving) : IClassFixture<ServingFixture>
{
    private static readonly Block<double> Given = new(new[] { -5.2 });

    private IModelReplicaGrain Replica => serving.Grains.GetGrain<IModelReplicaGrain>("m@1");

    [Fact]
    public async Task Draws_do_not_depend_on_how_they_are_asked_for()
    {
        var whole = await Draw(first: 0, rows: 2100);
        double[] parts = [.. await Draw(0, 1), .. await Draw(1, 36), .. await Draw(37, 1024), .. await Draw(1061, 1039)];
        Assert.Equal(whole, parts);
    }

    [Fact]
    public async Task Layers_lead_from_the_base_to_the_samples()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var layers = await Replica.Layers(new SampleRequest(5, 300, 1, Given), x: 1, y: 0, cancellation);
        Assert.Equal(["base", .. serving.Model.Flow.Transforms.Reverse().Select(transform => transform.Name)], layers.Select(layer => layer.Name));
        var normals = new float[600];
        new CounterRandom(1, "sample").Normals(10, normals);
        Assert.Equal(normals.Chunk(2).SelectMany(row => row.Reverse()), layers[0].Points.Span.ToArray());
        var draws = (await Draw(5, 300)).Chunk(2).SelectMany(row => row.Reverse());
        Assert.All(layers[^1].Points.Span.ToArray().Zip(draws), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        Assert.Contains("0 to 1", (await Assert.ThrowsAsync<BadInputException>(() => Replica.Layers(new SampleRequest(0, 1, 1, Given), 0, 2, cancellation))).Message);
        Assert.Contains("10000", (await Assert.ThrowsAsync<BadInputException>(() => Replica.Layers(new SampleRequest(0, 10_001, 1, Given), 0, 1, cancellation))).Message);
    }

    [Fact]
    public async Task Another_seed_and_other_context_bring_other_draws()
    {
        var draws = await Draw(0, 10);
        Assert.NotEqual(draws, await Draw(0, 10, seed: 2));
        Assert.NotEqual(draws, (await Replica.Sample(new SampleRequest(0, 10, 1, new Block<double>(new[] { -4.0 })), TestContext.Current.CancellationToken)).Span.ToArray());
    }

    [Fact]
    public async Task Log_densities_do_not_depend_on_how_they_are_asked_for()
    {
        var answer = await Replica.LogDensity(new Block<double>(serving.Values.AsMemory(3 * 100, 3 * 70)), latent: true, TestContext.Current.CancellationToken);
        Assert.Equal(serving.Scores[100..170], answer.LogDensity.Span.ToArray());
        Assert.Equal(serving.Latent[200..340], answer.Latent!.Span.ToArray());
        Assert.Null((await Replica.LogDensity(new Block<double>(serving.Values.AsMemory(0, 3)), latent: false, TestContext.Current.CancellationToken)).Latent);
    }

    [Fact]
    public async Task Rows_and_contexts_of_another_width_are_refused()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Contains("rows of 3", (await Assert.ThrowsAsync<BadInputException>(() => Replica.LogDensity(new Block<double>(new double[4]), false, cancellation))).Message);
        Assert.Contains("c0", (await Assert.ThrowsAsync<BadInputException>(() => Replica.Sample(new SampleRequest(0, 1, 1, new Block<double>(default)), cancellation))).Message);
        Assert.Contains("65536", (await Assert.ThrowsAsync<BadInputException>(() => Replica.Sample(new SampleRequest(0, 65_537, 1, Given), cancellation))).Message);
        Assert.Contains("no model", (await Assert.ThrowsAnyAsync<BadInputException>(() => serving.Grains.GetGrain<IModelReplicaGrain>("nobody@1").LogDensity(Given, false, cancellation))).Message);
    }

    [Fact]
    public async Task An_exact_model_is_calibrated_close_to_its_samples_and_as_good_as_the_gaussian()
    {
        var report = await Evaluate("exact.csv", stretch: 1);
        Assert.Equal(8000, report.Rows);
        Assert.InRange(report.Calibration, 0, 0.025); // a hundredth of such samples lie beyond 1.63/√8000 = 0.018
        Assert.InRange(report.RoundTripError, 0, 1e-5);
        Assert.InRange(report.SlicedWasserstein, 0, 0.05);
        Assert.Equal(report.GaussianNll, report.Nll, 1e-4);
        Assert.Equal(Math.Log(2 * Math.PI) + 1 + Math.Log(3 * 6), report.Nll, 0.03); // the entropy
    }

    [Fact]
    public async Task Data_of_another_width_than_the_model_show_in_every_figure()
    {
        var report = await Evaluate("stretched.csv", stretch: 1.5);
        Assert.InRange(report.Calibration, 0.07, 0.2);
        Assert.InRange(report.SlicedWasserstein, 0.3, 0.5); // (1.5 − 1)·√(2/π) = 0.4
        Assert.True(report.Nll > Math.Log(2 * Math.PI) + 1 + Math.Log(18) + 1);
    }

    [Fact]
    public async Task Rows_left_out_may_be_as_many_as_a_chunk_holds()
    {
        var rows = string.Concat(Enumerable.Repeat("nan,1\n", 17_000)) + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i % 7 - 8},{i % 5}\n"));
        var report = await serving.Grains.GetGrain<IScoringGrain>("holes")
            .Evaluate(new EvaluationPlan("normal", null, serving.Write("holes.csv", "x0,x1\n" + rows), MissingRows.Drop), TestContext.Current.CancellationToken);
        Assert.Equal(50, report.Rows);
        Assert.True(double.IsFinite(report.SlicedWasserstein));
    }

    [Fact]
    public async Task The_figures_do_not_depend_on_the_order_of_the_rows()
    {
        var random = new CounterRandom(9, "sorted");
        var rows = Enumerable.Range(0, 40_000).Select(i => (X: -5 + 3 * random.Normal(2 * i), Y: 5 + 6 * random.Normal(2 * i + 1))).OrderBy(row => row.X);
        var data = serving.Write("sorted.csv", "x0,x1\n" + string.Concat(rows.Select(row => FormattableString.Invariant($"{row.X:R},{row.Y:R}\n"))));
        var report = await serving.Grains.GetGrain<IScoringGrain>("sorted").Evaluate(new EvaluationPlan("normal", null, data, MissingRows.Refuse), TestContext.Current.CancellationToken);
        Assert.InRange(report.Calibration, 0, 0.025);
        Assert.InRange(report.SlicedWasserstein, 0, 0.05);
    }

    [Fact]
    public async Task Rows_too_far_away_to_have_a_density_are_counted_in_a_warning()
    {
        var data = serving.Write("far.csv", "x0,x1\n1,2\n1e300,2\n3,-1e300\n");
        var report = await serving.Grains.GetGrain<IScoringGrain>("far").Evaluate(new EvaluationPlan("normal", null, data, MissingRows.Refuse), TestContext.Current.CancellationToken);
        Assert.StartsWith("2 of 3 rows have no finite log-density", report.Warning);
        Assert.False(double.IsFinite(report.Nll));
    }

    [Theory, InlineData("2,nan\n", "column 'x1' is missing (empty or NaN)"), InlineData("-inf,2\n", "column 'x0' is not finite (-inf)")]
    public async Task A_row_that_cannot_be_evaluated_is_named_as_training_names_it(string row, string says)
    {
        var data = serving.Write("hole.csv", $"x0,x1\n1,2\n3,5\n{row}");
        var error = await Assert.ThrowsAsync<BadInputException>(() => serving.Grains.GetGrain<IScoringGrain>("hole")
            .Evaluate(new EvaluationPlan("normal", null, data, MissingRows.Refuse), TestContext.Current.CancellationToken));
        Assert.Equal($"'hole.csv': row 3 (line 4), {says}; mend it, or leave such rows out with --missing drop.", error.Message);
    }

    [Theory, InlineData("m"), InlineData("m@x"), InlineData("@1"), InlineData("../m@1")]
    public async Task A_key_that_names_no_version_is_refused(string key) =>
        await Assert.ThrowsAnyAsync<BadInputException>(() => serving.Grains.GetGrain<IModelReplicaGrain>(key).LogDensity(Given, false, TestContext.Current.CancellationToken));

    [Theory, InlineData(".."), InlineData("../models/m"), InlineData(".")]
    public async Task A_model_whose_name_leads_out_of_the_registry_is_neither_described_nor_deleted(string name)
    {
        var model = serving.Grains.GetGrain<IModelGrain>(name);
        await Assert.ThrowsAnyAsync<BadInputException>(() => model.Describe(null));
        await Assert.ThrowsAnyAsync<BadInputException>(() => model.Delete(version: null, by: null, TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<BadInputException>(() => serving.Score(serving.Data, null, model: name));
    }

    private async Task<double[]> Draw(long first, int rows, long seed = 1) =>
        (await Replica.Sample(new SampleRequest(first, rows, seed, Given), TestContext.Current.CancellationToken)).Span.ToArray();

    private Task<EvaluationReport> Evaluate(string name, double stretch)
    {
        var random = new CounterRandom(9, "exact");
        var rows = Enumerable.Range(0, 8000).Select(i => FormattableString.Invariant($"{-5 + 3 * stretch * random.Normal(2 * i):R},{5 + 6 * stretch * random.Normal(2 * i + 1):R}"));
        var data = serving.Write(name, $"x0,x1\n{string.Join("\n", rows)}\n");
        return serving.Grains.GetGrain<IScoringGrain>(name).Evaluate(new EvaluationPlan("normal", null, data, MissingRows.Refuse), TestContext.Current.CancellationToken);
    }
}
