using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class ScoringTests(ServingFixture serving) : IClassFixture<ServingFixture>
{
    private const int Some = 300;

    private readonly string _folder = serving.NewFolder();

    private string Output => Path.Combine(_folder, "scores.csv");

    [Fact]
    public async Task Scores_keep_the_order_of_the_file_and_every_bit()
    {
        var result = await serving.Score(serving.Data, Output);
        var lines = await Lines();
        Assert.Equal("row,log_prob", lines[0]);
        Assert.Equal(serving.Scores.Select((score, row) => Line(row, score)), lines[1..]);
        Assert.Equal((ServingFixture.Rows, 0L), (result.Rows, result.NonFinite));
        Assert.Equal(serving.Scores.Average(score => (double)score), result.MeanLogProb, 1e-9);
    }

    [Fact]
    public async Task Latents_follow_the_score()
    {
        await serving.Score(Table(), Output, latent: true);
        var lines = await Lines();
        Assert.Equal("row,log_prob,z0,z1", lines[0]);
        Assert.Equal(Enumerable.Range(0, Some).Select(row => Line(row, serving.Scores[row], serving.Latent[2 * row], serving.Latent[2 * row + 1])), lines[1..]);
    }

    [Fact]
    public async Task An_npy_file_holds_the_same_numbers()
    {
        var path = Path.Combine(_folder, "scores.npy");
        await serving.Score(Table(), path, latent: true);
        using var reader = TableReader.Open(path);
        reader.Select([0, 1, 2, 3], byName: false);
        var values = new double[(Some + 10) * 4];
        Assert.Equal(Some, reader.Read(values, TestContext.Current.CancellationToken));
        Assert.Equal(
            Enumerable.Range(0, Some).SelectMany(row => new double[] { row, serving.Scores[row], serving.Latent[2 * row], serving.Latent[2 * row + 1] }),
            values[..(Some * 4)]);
    }

    [Fact]
    public async Task Columns_are_matched_by_name_in_any_order_beside_others()
    {
        var shuffled = serving.Write("shuffled.csv", ServingFixture.Csv("c0,x1,other,x0", Values(Some), 2, 1, 1, 0));
        await serving.Score(shuffled, Output);
        Assert.Equal(Enumerable.Range(0, Some).Select(row => Line(row, serving.Scores[row])), (await Lines())[1..]);
    }

    [Fact]
    public async Task A_file_without_a_column_is_refused_by_name_and_nothing_is_written()
    {
        var error = await Assert.ThrowsAsync<BadInputException>(() => serving.Score(serving.Write("wrong.csv", ServingFixture.Csv("x0,y,c0", Values(5))), Output));
        Assert.Contains("x1", error.Message);
        NothingWritten();
    }

    [Fact]
    public async Task A_missing_value_is_refused_with_its_place_and_nothing_is_written()
    {
        var error = await Assert.ThrowsAsync<BadInputException>(() => serving.Score(WithHole(), Output));
        Assert.Contains("'x1'", error.Message);
        Assert.Contains("row 7 (line 8), which is row 6 of the scores", error.Message);
        NothingWritten();
    }

    [Fact]
    public async Task Rows_with_a_missing_value_score_nan_where_they_may_be_dropped()
    {
        var result = await serving.Score(WithHole(), Output, missing: MissingRows.Drop);
        var lines = await Lines();
        Assert.Equal((20L, 1L), (result.Rows, result.NonFinite));
        Assert.Equal(Enumerable.Range(0, 20).Select(row => row == 6 ? "6,NaN" : Line(row, serving.Scores[row])), lines[1..]);
        Assert.Equal(Enumerable.Range(0, 20).Where(row => row != 6).Average(row => (double)serving.Scores[row]), result.MeanLogProb, 1e-9);
    }

    [Fact]
    public async Task The_ten_least_likely_rows_are_the_ten_lowest_scores_with_their_context()
    {
        var result = await serving.Score(serving.Data, output: null);
        var lowest = serving.Scores.Select((score, row) => (Row: (long)row, LogProb: (double)score)).OrderBy(row => row.LogProb).ThenBy(row => row.Row).Take(10);
        Assert.Equal(lowest, result.LeastLikely.Select(row => (row.Row, row.LogProb)));
        Assert.All(result.LeastLikely, row => Assert.Equal(serving.Values[(int)(3 * row.Row)..(int)(3 * row.Row + 3)], row.Values));
    }

    [Fact]
    public async Task A_finite_row_that_is_too_far_out_has_a_density_of_zero_is_counted_and_comes_first()
    {
        var values = Values(20);
        (values[4 * 3], values[9 * 3]) = (1e39, -1e39);
        var result = await serving.Score(serving.Write("far.csv", ServingFixture.Csv("x0,x1,c0", values)), Output);
        Assert.Equal((20L, 2L), (result.Rows, result.NonFinite));
        Assert.Equal([4, 9], result.LeastLikely.Take(2).Select(row => row.Row));
        Assert.Equal(double.NegativeInfinity, result.LeastLikely[1].LogProb);
        Assert.Equal(["4,-Infinity", "9,-Infinity"], (await Lines()).Where(line => line.EndsWith("Infinity", StringComparison.Ordinal)));
        Assert.True(double.IsFinite(result.MeanLogProb));
    }

    [Fact]
    public async Task Of_equal_rows_the_first_ten_are_the_least_likely()
    {
        var equal = serving.Write("equal.csv", ServingFixture.Csv("x0,x1,c0", [.. Enumerable.Repeat(Values(1), 30).SelectMany(row => row)]));
        Assert.Equal(Enumerable.Range(0, 10).Select(row => (long)row), (await serving.Score(equal, output: null)).LeastLikely.Select(row => row.Row));
    }

    [Fact]
    public async Task Cancelling_in_the_middle_leaves_no_file()
    {
        using var cancelled = new CancellationTokenSource();
        var grain = serving.Grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString("N"));
        var scoring = grain.Score(new ScoringPlan("m", null, serving.Long(), MissingRows.Refuse, Output, Latent: true), cancelled.Token);
        while (await grain.Reading() is null) Assert.False(scoring.IsFaulted, scoring.Exception?.Message);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scoring);
        while (await grain.Reading() is not null) TestContext.Current.CancellationToken.ThrowIfCancellationRequested(); // until it has ended
        NothingWritten();
    }

    [Theory, InlineData("nowhere/scores.csv"), InlineData("taken.csv"), InlineData("scores.txt"), InlineData("scores")]
    public async Task An_output_that_cannot_be_written_is_refused_with_its_name(string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "taken.csv"));
        var error = await Assert.ThrowsAsync<BadInputException>(() => serving.Score(Table(), Path.Combine(_folder, name)));
        Assert.Contains(Path.GetFileName(name), error.Message);
        NothingWritten();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_full_disk_is_said_across_the_grain_and_no_file_stays_there(bool fromTheStart)
    {
        using var disk = new SmallDisk(kilobytes: 256);
        if (fromTheStart) disk.Fill(); // then what fits into a buffer fails late
        var error = await Assert.ThrowsAsync<DiskFullException>(() => serving.Score(fromTheStart ? Table() : serving.Data, disk.In("scores.csv")));
        Assert.Equal($"The disk that holds '{disk.Path}' is full; free some space and run the same command again.", error.Message);
        Assert.DoesNotContain(Directory.EnumerateFiles(disk.Path), file => !file.EndsWith("/filler"));
    }

    [Fact]
    public async Task A_table_without_rows_is_refused()
    {
        await Assert.ThrowsAsync<BadInputException>(() => serving.Score(serving.Write("empty.csv", "x0,x1,c0\n"), Output));
        NothingWritten();
    }

    [Fact]
    public async Task An_extension_in_capitals_is_the_same_format()
    {
        await serving.Score(Table(), Path.Combine(_folder, "S.CSV"));
        Assert.Equal("row,log_prob", File.ReadLines(Path.Combine(_folder, "S.CSV")).First());
    }

    private static string Line(int row, params float[] numbers) =>
        string.Join(",", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)).Prepend($"{row}"));

    private double[] Values(int rows) => serving.Values[..(rows * 3)];

    private string Table() => serving.Write($"{Guid.NewGuid():N}.csv", ServingFixture.Csv("x0,x1,c0", Values(Some)));

    private string WithHole()
    {
        var values = Values(20);
        values[6 * 3 + 1] = double.NaN;
        return serving.Write($"{Guid.NewGuid():N}.csv", ServingFixture.Csv("x0,x1,c0", values).Replace("NaN", ""));
    }

    private async Task<string[]> Lines() => await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken);

    private void NothingWritten() => Assert.Empty(Directory.EnumerateFiles(_folder));
}
