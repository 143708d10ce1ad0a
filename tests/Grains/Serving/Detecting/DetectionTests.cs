using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Tests.Grains.Data;

namespace FlowGrain.Tests.Grains.Serving.Detecting;

/// <summary>Anomalies of files, by a model that was trained here.</summary>
public sealed class DetectionTests(DetectionFixture detection) : IClassFixture<DetectionFixture>
{
    private const int Usual = 300, Odd = 20;

    [Theory, InlineData(DetectionScore.LogProb), InlineData(DetectionScore.Typicality), InlineData(DetectionScore.LatentNorm)]
    public async Task Rows_far_out_are_flagged_ranked_first_and_written_in_the_order_of_the_file(DetectionScore score)
    {
        var output = detection.In($"{score}.csv");
        var result = await detection.Detect(plan => plan with { Score = score, Rate = 0.05, Label = "y", Output = output });
        Assert.Equal((Usual + Odd, 0L), (result.Rows, result.Unscored));
        Assert.InRange(result.ReferenceRate, 0.01, 0.05);
        Assert.True(result.Ranking!.Auroc > 0.99 && result.Ranking.AveragePrecision > 0.9, $"{result.Ranking}");
        string[][] lines = [.. File.ReadLines(output).Select(line => line.Split(','))];
        Assert.Equal(["row", "log_prob", "score", "p_value", "flagged"], lines[0]);
        Assert.Equal(Enumerable.Range(0, Usual + Odd).Select(row => $"{row}"), lines[1..].Select(line => line[0]));
        Assert.Equal(result.Flagged, lines[1..].Count(line => line[4] == "1"));
        Assert.All(lines[1..], line => Assert.Equal(line[4] == "1", Number(line[2]) > result.Threshold));
        Assert.Equal(result.Top.Select(row => row.Score), lines[1..].Select(line => (double)float.Parse(line[2], CultureInfo.InvariantCulture)).OrderDescending().Take(10));
        Assert.Equal(1.0 / (result.ReferenceRows + 1), result.Top[0].PValue);
    }

    [Fact]
    public async Task On_its_own_reference_the_rate_holds_exactly()
    {
        var result = await detection.Detect(plan => plan with { Data = detection.Data, Reference = detection.Data, Rate = 0.1 });
        Assert.Equal((600L, 60L, 0.1), (result.Rows, result.Flagged, result.ReferenceRate));
    }

    [Fact]
    public async Task A_threshold_stands_in_the_place_of_a_rate()
    {
        var all = await detection.Detect(plan => plan with { Threshold = -1e6 });
        Assert.Equal((all.Rows, 1.0), (all.Flagged, all.ReferenceRate));
        var error = await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Threshold = 1, Rate = 0.1 }));
        Assert.Contains("give one of them", error.Message);
    }

    [Fact]
    public async Task The_most_anomalous_rows_are_explained_the_most_surprising_column_first()
    {
        var result = await detection.Detect(plan => plan with { Explain = 2 });
        Assert.All(result.Top.Take(2), row =>
        {
            Assert.Equal(["a", "b"], row.Columns.Select(column => column.Column).Order());
            Assert.Equal(row.Columns.Select(column => column.Surprise).OrderDescending(), row.Columns.Select(column => column.Surprise));
            Assert.All(row.Columns, column => Assert.True(double.IsFinite(column.LogProb) && column.Error >= 0));
        });
        Assert.All(result.Top.Skip(2), row => Assert.Empty(row.Columns));
    }

    [Fact]
    public async Task Labels_may_be_an_array_beside_the_table_of_an_npz()
    {
        var (table, labels) = (detection.Rows().ToArray(), Enumerable.Range(0, Usual + Odd).Select(row => row < Usual ? 0.0 : 1.0).ToArray());
        var npz = detection.Npz("labelled.npz", ("X", table, 3), ("y", labels, 1));
        var result = await detection.Detect(plan => plan with { Data = npz, Label = "y" });
        Assert.Equal((await detection.Detect(plan => plan with { Label = "y" })).Ranking, result.Ranking);
        var shorter = detection.Npz("short.npz", ("X", table, 3), ("y", labels[1..], 1));
        Assert.Contains("labels for more rows", (await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Data = shorter, Label = "y" }))).Message);
        var longer = detection.Npz("long.npz", ("X", table, 3), ("y", [.. labels, 1], 1));
        Assert.Contains("more labels than rows", (await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Data = longer, Label = "y" }))).Message);
    }

    [Theory]
    [InlineData("2", "row 321 (line 322), column 'y' is '2'; a label is 1 for an anomaly and 0 for any other row")]
    [InlineData("", "row 321 (line 322), column 'y' is missing")]
    public async Task What_is_no_label_is_refused_with_its_place_and_nothing_is_written(string label, string words)
    {
        var output = detection.In($"{Guid.NewGuid():N}.csv");
        var data = detection.Write([.. File.ReadLines(detection.Labelled), $"100,1,0,{label}"]);
        var error = await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Data = data, Label = "y", Output = output }));
        Assert.Contains(words, error.Message);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public async Task A_label_that_is_not_there_or_that_the_model_knows_is_refused()
    {
        Assert.Contains("has no column 'z' with labels; it has", (await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Label = "z" }))).Message);
        Assert.Contains("The model has 'a' among its columns", (await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Label = "a" }))).Message);
    }

    [Fact]
    public async Task Labels_that_are_all_alike_are_a_warning()
    {
        var data = detection.Write([.. File.ReadLines(detection.Labelled).Take(Usual)]);
        var result = await detection.Detect(plan => plan with { Data = data, Label = "y" });
        Assert.Null(result.Ranking);
        Assert.Contains("have the same 'y'", result.Warning);
    }

    [Fact]
    public async Task A_row_with_a_missing_value_is_refused_or_judged_not_at_all()
    {
        var data = detection.Write([.. File.ReadLines(detection.Labelled), ",1,0,1"]);
        Assert.Contains("column 'a' is missing", (await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Data = data }))).Message);
        var output = detection.In("gap.csv");
        var result = await detection.Detect(plan => plan with { Data = data, Missing = MissingRows.Drop, Output = output, Label = "y" });
        Assert.Equal((Usual + Odd + 1, 1L, Odd), (result.Rows, result.Unscored, result.Ranking!.Anomalies));
        Assert.Equal($"{Usual + Odd},NaN,NaN,NaN,", File.ReadLines(output).Last());
        await detection.Detect(plan => plan with { Data = data, Missing = MissingRows.Drop, Output = detection.In("gap.parquet") });
        var read = Tables.Read(detection.In("gap.parquet"));
        Assert.Equal((Usual + Odd + 1, double.NaN, 0.0), (read.Length, read[^1][4], read[0][4]));
    }

    [Fact]
    public async Task A_model_without_a_reference_says_what_to_do_and_takes_one()
    {
        var error = await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Model = "old" }));
        Assert.Contains("has no reference of held-out rows", error.Message);
        Assert.Contains("--reference DATA", error.Message);
        var data = detection.Write(["x0,x1", "1,2", "3,4"]);
        Assert.Equal(2, (await detection.Detect(plan => plan with { Model = "old", Data = data, Reference = data, Rate = 0.5 })).ReferenceRows);
    }

    [Fact]
    public async Task The_output_takes_the_place_of_none_of_its_inputs()
    {
        var reference = detection.Write(File.ReadLines(detection.Data));
        await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Output = plan.Data }));
        await Assert.ThrowsAsync<BadInputException>(() => detection.Detect(plan => plan with { Reference = reference, Output = reference }));
    }

    private static double Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A cluster with a trained model <c>m</c> of a and b given c, a model <c>old</c> without a reference, and a table of which some rows are far out.</summary>
public sealed class DetectionFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EmbeddedFixture _embedded = null!;

    internal string Data { get; private set; } = "";

    internal string Labelled { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _embedded = await EmbeddedFixture.Start(slots: 2, _folder);
        var plan = _embedded.Plan(steps: 150, context: true) with { ValidationFraction = 0.3 };
        Data = plan.Data.Path;
        await _embedded.Train("m", plan);
        StoredModels.In(_embedded.Home).Publish(StoredModels.Gaussian("old"), []);
        Labelled = Write(["a,b,c,y", .. Rows().Chunk(3).Select((row, i) => $"{string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))},{(i < 300 ? 0 : 1)}")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _embedded.DisposeAsync();
        _folder.Dispose();
    }

    internal string In(string name) => _folder.In(name);

    internal string Write(IEnumerable<string> lines) => _embedded.Write($"{Guid.NewGuid():N}.csv", lines);

    internal string Npz(string name, params (string Name, double[] Values, int Width)[] arrays) =>
        _folder.Write(name, TempFolder.Zip(CompressionLevel.Fastest, [.. arrays.Select(array => ($"{array.Name}.npy", Npy(array.Values, array.Width)))]));

    private static byte[] Npy(double[] values, int width)
    {
        var shape = width == 1 ? $"({values.Length},)" : $"({values.Length / width}, {width})";
        return [.. FlowGrain.Tests.Grains.Data.Npy.Head($"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"), .. MemoryMarshal.AsBytes<double>(values)];
    }

    /// <summary>300 rows like those that it learned, and 20 that are not.</summary>
    internal IEnumerable<double> Rows()
    {
        var random = new CounterRandom(2, "labelled");
        for (var row = 0; row < 320; row++)
        {
            var (u, v, c) = (random.Normal(3 * row), random.Normal(3 * row + 1), random.Normal(3 * row + 2));
            yield return 100 + 5 * (u + c);
            yield return u * u + 0.1 * v + c + (row < 300 ? 0 : 8);
            yield return c;
        }
    }

    internal Task<DetectionResult> Detect(Func<DetectionPlan, DetectionPlan> change)
    {
        var plan = change(new DetectionPlan("m", null, Labelled, MissingRows.Refuse, Output: null));
        return _embedded.Cluster.Grains.GetGrain<IDetectionGrain>(plan.Job()).Detect(plan, TestContext.Current.CancellationToken);
    }
}
