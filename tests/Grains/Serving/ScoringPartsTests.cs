using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Tests.Grains.Data;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>Jobs of more than one part: of 1,000,000 rows a part has 262,144.</summary>
public sealed class ScoringPartsTests(ServingFixture serving) : IClassFixture<ServingFixture>, IDisposable
{
    private const int PartRows = 262_144;
    private const int Rows = 25 * ServingFixture.Rows;

    private readonly string _folder = serving.NewFolder();

    /// <summary>The next test finds no parts of this one.</summary>
    public void Dispose()
    {
        if (Directory.Exists(serving.Scorings)) Directory.Delete(serving.Scorings, recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData("scores.csv"), InlineData("scores.parquet"), InlineData("scores.npy"), InlineData("scores.csv/")]
    public async Task An_interrupted_job_goes_on_behind_its_last_part_to_the_same_bytes(string name)
    {
        var plan = Plan(name);
        await Interrupt(plan);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        var resumed = await Score(plan);
        Assert.Equal((Rows, 0), (resumed.Rows, resumed.ScoredBefore % PartRows));
        Assert.True(resumed.ScoredBefore > 0);
        Assert.Empty(Parts());
        var (interrupted, _) = (Bytes(plan.Output!), Remove(plan.Output!));
        var calm = await Score(plan);
        Assert.Equal(0, calm.ScoredBefore);
        Assert.Equal((calm.MeanLogProb, calm.NonFinite), (resumed.MeanLogProb, resumed.NonFinite));
        Assert.Equal(calm.LeastLikely.Select(row => (row.Row, row.LogProb)), resumed.LeastLikely.Select(row => (row.Row, row.LogProb)));
        Assert.Equal(Bytes(plan.Output!), interrupted);
    }

    [Fact]
    public async Task A_job_over_a_folder_goes_on_at_the_same_row_wherever_its_files_end()
    {
        const int First = 100_000; // no multiple of what is read at once
        var rows = Tables.Read(serving.Long(times: 25));
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(data, "1.npy"), Npy(rows[..First]), Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(data, "2.npy"), Npy(rows[First..]), Cancellation);
        var plan = Plan("scores.csv") with { Data = data };
        await Interrupt(plan);
        var resumed = await Score(plan);
        Assert.True(resumed.ScoredBefore > 0);
        var calm = Plan("calm.csv");
        await Score(calm);
        Assert.Equal(Bytes(calm.Output!), Bytes(plan.Output!));
    }

    [Fact]
    public async Task A_damaged_part_is_made_again()
    {
        var plan = Plan("scores.csv");
        await Interrupt(plan);
        var part = Parts().Order(StringComparer.Ordinal).First();
        var content = await File.ReadAllBytesAsync(part, Cancellation);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(part, content, Cancellation);
        Assert.Equal(0, (await Score(plan)).ScoredBefore);
    }

    [Fact]
    public async Task A_file_that_was_changed_is_scored_from_its_first_row()
    {
        var plan = Plan("scores.csv");
        await Interrupt(plan);
        File.SetLastWriteTimeUtc(plan.Data, File.GetLastWriteTimeUtc(plan.Data).AddSeconds(1));
        Assert.Equal(0, (await Score(plan)).ScoredBefore);
    }

    [Fact]
    public async Task Parts_that_nobody_goes_on_with_go_after_a_week()
    {
        await Interrupt(Plan("scores.csv"));
        var abandoned = Path.GetDirectoryName(Parts()[0])!;
        Directory.SetLastWriteTimeUtc(abandoned, Directory.GetLastWriteTimeUtc(abandoned).AddDays(-8));
        await Score(Plan("others.csv"));
        Assert.False(Directory.Exists(abandoned));
    }

    [Fact]
    public async Task A_folder_has_a_file_for_every_part_and_is_replaced_whole()
    {
        var plan = Plan("scores.csv/");
        await Score(plan);
        await Score(plan);
        string[] files = [.. Directory.EnumerateFiles(plan.Output!).Order(StringComparer.Ordinal)];
        Assert.Equal(["part-00000.csv", "part-00001.csv", "part-00002.csv", "part-00003.csv"], files.Select(file => Path.GetFileName(file)));
        var merged = plan with { Output = Path.Combine(_folder, "merged.csv") };
        await Score(merged);
        Assert.Equal(await File.ReadAllLinesAsync(merged.Output, Cancellation), files.SelectMany(file => File.ReadLines(file).Skip(1)).Prepend("row,log_prob"));
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_is_left_alone()
    {
        var plan = Plan("scores.csv/");
        Directory.CreateDirectory(plan.Output!);
        await File.WriteAllTextAsync(Path.Combine(plan.Output!, "mine.txt"), "", Cancellation);
        Assert.Contains("'mine.txt', which is no part of earlier scores", (await Assert.ThrowsAsync<BadInputException>(() => Score(plan))).Message);
        Assert.Equal(["mine.txt"], Directory.EnumerateFiles(plan.Output!).Select(file => Path.GetFileName(file)));
    }

    [Fact]
    public async Task A_folder_that_holds_the_file_that_is_scored_is_never_replaced()
    {
        var plan = Plan("scores.csv/");
        await Score(plan);
        var error = await Assert.ThrowsAsync<BadInputException>(() => Score(plan with { Model = "normal", Data = Path.Combine(plan.Output!, "part-00000.csv") }));
        Assert.Contains("'scores.csv' holds the file that would be read", error.Message);
    }

    [Fact]
    public async Task After_a_full_disk_the_job_goes_on_once_there_is_room()
    {
        using var disk = new SmallDisk(kilobytes: 32_768);
        var plan = Plan("scores.csv") with { Output = disk.In("scores.csv") };
        await File.WriteAllBytesAsync(disk.In("filler"), new byte[24 << 20], Cancellation); // leaves room for some of the rows
        await Assert.ThrowsAsync<DiskFullException>(() => Score(plan));
        Assert.Equal(["filler"], Directory.EnumerateFiles(disk.Path).Select(file => Path.GetFileName(file)));
        disk.Free();
        var result = await Score(plan);
        Assert.Equal((Rows, true), (result.Rows, result.ScoredBefore > 0));
        var calm = plan with { Output = Path.Combine(_folder, "calm.csv") };
        await Score(calm);
        Assert.Equal(Bytes(calm.Output), Bytes(plan.Output!));
    }

    [Fact]
    public async Task Who_asks_while_it_is_done_waits_for_the_same_work()
    {
        var plan = Plan("scores.csv");
        var job = serving.Grains.GetGrain<IScoringGrain>(plan.Job());
        using var impatient = new CancellationTokenSource();
        var (first, second) = (job.Score(plan, impatient.Token), job.Score(plan, Cancellation));
        while (await job.Reading() is null) Assert.False(first.IsFaulted, first.Exception?.Message);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal((Rows, 0), ((await second).Rows, (await second).ScoredBefore)); // one who goes away does not end it for the other
    }

    private ScoringPlan Plan(string output) => new("m", 1, serving.Long(times: 25), MissingRows.Refuse, Path.Combine(_folder, output), Latent: false);

    private Task<ScoringResult> Score(ScoringPlan plan) => serving.Grains.GetGrain<IScoringGrain>(plan.Job()).Score(plan, Cancellation);

    /// <summary>Scores the first part, and cancels.</summary>
    private async Task Interrupt(ScoringPlan plan)
    {
        using var cancelled = new CancellationTokenSource();
        var job = serving.Grains.GetGrain<IScoringGrain>(plan.Job());
        var scoring = job.Score(plan, cancelled.Token);
        while (await job.Reading() is not { Rows: > PartRows }) Assert.False(scoring.IsCompleted, $"It was done before it could be cancelled. {scoring.Exception?.InnerException?.Message}");
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scoring);
        while (await job.Reading() is not null) Cancellation.ThrowIfCancellationRequested(); // until it has ended
    }

    private static byte[] Npy(double[][] rows)
    {
        var table = new double[rows.Length, rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
            for (var column = 0; column < rows[0].Length; column++) table[row, column] = rows[row][column];
        return FlowGrain.Tests.Grains.Data.Npy.Of(table);
    }

    private string[] Parts() => Directory.Exists(serving.Scorings) ? Directory.GetFiles(serving.Scorings, "part-*", SearchOption.AllDirectories) : [];

    private static byte[] Bytes(string path) => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)]
        : File.ReadAllBytes(path);

    private static bool Remove(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
        return true;
    }
}
