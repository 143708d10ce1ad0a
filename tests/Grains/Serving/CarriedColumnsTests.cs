using Apache.Arrow;
using Apache.Arrow.Ipc;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Tests.Grains.Data;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>Columns of the input that go through to the scores as they are.</summary>
public sealed class CarriedColumnsTests(ServingFixture serving) : IClassFixture<ServingFixture>
{
    private const long Beyond = (1L << 53) + 1;

    private readonly string _folder = serving.NewFolder();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cells_of_a_csv_come_as_they_are_written_there()
    {
        string[] cells = ["007,a", "1.50,\"say \"\"x\"\", y\"", "9007199254740993,", "1e3,\"two\nlines\"", "NA,ö"];
        var data = serving.Write("cells.csv", "id,x0,name,x1,c0\n" + string.Concat(cells.Select((cell, row) => $"{cell.Split(',', 2)[0]},{row},{cell.Split(',', 2)[1]},1,0\n")));
        Assert.Equal(cells, Tails(await Score(data, "scores.csv", "id", "name")));
    }

    [Fact]
    public async Task A_parquet_keeps_types_every_digit_texts_and_what_is_missing()
    {
        var first = Typed("typed.parquet");
        var again = await Score(first, "again.parquet", "id", "name", "f", "d");
        string[] expected = ["9007199254740993,a,0.1,0.1", ",\"\",NaN,", "-5,,,1E+300"];
        Assert.Equal(expected, Tails(await Score(first, "scores.csv", "id", "name", "f", "d")), StringComparer.OrdinalIgnoreCase);
        Assert.Equal([CellType.Whole, CellType.Text, CellType.Single, CellType.Double], Types(again, "id", "name", "f", "d"));
        var table = await Score(WithModel(again), "third.csv", "id", "name", "f", "d");
        Assert.Equal(expected, Tails(table), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_neither_whole_nor_floating_comes_as_exact_text()
    {
        serving.Write("one.csv", "k\n1\n");
        var query = serving.Write("types.sql", """
            SELECT 0.5 AS x0, 1 AS x1, 0 AS c0, 12345678901234567890.12::DECIMAL(38, 2) AS price, TIMESTAMP '2001-02-03 04:05:06.7' AS at, [1, 2] AS list, true AS flag FROM 'one.csv'
            """);
        var output = await Score(query, "scores.csv", "price", "at", "list", "flag");
        Assert.Equal(["12345678901234567890.12,2001-02-03 04:05:06.7,\"[1, 2]\",true"], Tails(output));
    }

    [Fact]
    public async Task Arrow_carries_text_whole_numbers_and_times()
    {
        var path = serving.Write("t.arrow", "");
        var batch = new RecordBatch.Builder()
            .Append("x0", nullable: false, column => column.Double(values => values.AppendRange([1, 2])))
            .Append("x1", nullable: false, column => column.Double(values => values.AppendRange([1, 2])))
            .Append("c0", nullable: false, column => column.Double(values => values.AppendRange([1, 2])))
            .Append("id", nullable: true, column => column.Int64(values => values.Append(Beyond).AppendNull()))
            .Append("name", nullable: true, column => column.String(values => values.Append("a,b").AppendNull()))
            .Append("day", nullable: false, column => column.Date32(values => values.AppendRange([new DateTime(2001, 2, 3), new DateTime(1960, 1, 2)]))).Build();
        using (var file = File.Create(path))
        {
            using var writer = new ArrowFileWriter(file, batch.Schema);
            writer.WriteRecordBatch(batch);
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        string[] once = ["9007199254740993,\"a,b\",2001-02-03", ",,1960-01-02"];
        var output = await Score(path, "scores.csv", "id", "name", "day");
        Assert.Equal([.. once, .. once], Tails(output));
    }

    [Fact]
    public async Task An_npy_takes_numbers_and_refuses_what_it_cannot_hold()
    {
        var path = await Score(Typed("typed.parquet"), "scores.npy", "f", "d");
        Assert.Equal((0.1f, 0.1), ((float)Tables.Read(path)[0][2], Tables.Read(path)[0][3]));
        Assert.Equal(double.NaN, Tables.Read(path)[1][3]);
        foreach (var (column, cell) in new[] { ("id", "9007199254740993"), ("name", "a") })
        {
            var error = await Assert.ThrowsAsync<BadInputException>(() => Score(Typed("typed.parquet"), "refused.npy", column));
            Assert.Equal($"Column '{column}' cannot be carried into an npy, which holds numbers of float64 alone: row 0 of the scores has '{cell}'; write .csv or .parquet, or leave the column out.", error.Message);
        }

        Assert.False(File.Exists(Path.Combine(_folder, "refused.npy")));
    }

    [Theory]
    [InlineData("nam", "has no column 'nam' to carry through; it has x0, x1, c0, id, name, f, d; did you mean name?")]
    [InlineData("id,id", "Column 'id' is to be carried through twice; name it once.")]
    [InlineData("row", "has no column 'row'")]
    public async Task A_column_that_cannot_be_carried_is_refused_by_name(string carry, string says) =>
        Assert.Contains(says, (await Assert.ThrowsAsync<BadInputException>(() => Score(Typed("typed.parquet"), "scores.csv", carry.Split(',')))).Message);

    [Fact]
    public async Task A_column_of_the_scores_name_is_refused() =>
        Assert.Contains("column 'row' cannot be carried through, because the scores have one of that name", (await Assert.ThrowsAsync<BadInputException>(
            () => Score(serving.Write("own.csv", "row,x0,x1,c0\n1,2,3,4\n"), "scores.csv", "row"))).Message);

    [Fact]
    public async Task A_folder_of_files_is_carried_from_like_one()
    {
        var folder = serving.NewFolder();
        File.WriteAllText(Path.Combine(folder, "a.csv"), "x0,x1,c0,id\n1,1,1,a\n2,2,2,b\n");
        File.WriteAllText(Path.Combine(folder, "b.csv"), "x0,x1,c0,id\n3,3,3,c\n");
        var output = await Score(folder, "scores.csv", "id");
        Assert.Equal(["a", "b", "c"], Tails(output));
    }

    [Fact]
    public async Task Carried_cells_come_through_an_interruption()
    {
        var data = Big();
        var plan = Plan(data, "interrupted.parquet", "id");
        var job = serving.Grains.GetGrain<IScoringGrain>(plan.Job());
        using var cancelled = new CancellationTokenSource();
        var scoring = job.Score(plan, cancelled.Token);
        while (await job.Reading() is not { Rows: > 262_144 }) Assert.False(scoring.IsCompleted, scoring.Exception?.Message);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scoring);
        while (await job.Reading() is not null) Cancellation.ThrowIfCancellationRequested(); // until it has ended
        Assert.True((await job.Score(plan, Cancellation)).ScoredBefore > 0);
        Assert.Equal(await File.ReadAllBytesAsync(await Score(data, "calm.parquet", "id"), Cancellation), await File.ReadAllBytesAsync(plan.Output!, Cancellation));
    }

    private ScoringPlan Plan(string data, string output, params string[] carry) => new("m", 1, data, MissingRows.Refuse, Path.Combine(_folder, output), Latent: false) { Carry = [.. carry] };

    private async Task<string> Score(string data, string output, params string[] carry)
    {
        var plan = Plan(data, output, carry);
        await serving.Grains.GetGrain<IScoringGrain>(plan.Job()).Score(plan, Cancellation);
        return plan.Output!;
    }

    /// <summary>The lines of a csv behind row and score.</summary>
    private static string[] Tails(string path)
    {
        var text = File.ReadAllText(path);
        return [.. System.Text.RegularExpressions.Regex.Split(text[(text.IndexOf('\n') + 1)..], @"(?:^|\n)\d+,-?[\d.E+-]+,").Skip(1).Select(line => line.TrimEnd('\n'))];
    }

    private static CellType[] Types(string path, params string[] columns)
    {
        using var reader = TableReader.Open(path);
        return [.. columns.Select(column => reader.TypeOf(reader.Columns.IndexOf(column)))];
    }

    /// <summary>Three rows with columns of every type, and cells that are missing.</summary>
    private string Typed(string name)
    {
        using var table = TableFile.Create(Path.Combine(_folder, name), [new("x0"), new("x1"), new("c0"), new("id", Carried: CellType.Whole), new("name", Carried: CellType.Text), new("f", Carried: CellType.Single), new("d", Carried: CellType.Double)]);
        table.Write([0, 0, 0, 1, 1, 0, 2, 1, 0], [Cells($"{Beyond}", null, "-5"), Cells("a", "", null), Cells("0.1", "NaN", null), Cells("0.1", null, "1E+300")]);
        table.Complete();
        return Path.Combine(_folder, name);
    }

    /// <summary>The same table beside columns that the model knows.</summary>
    private string WithModel(string path)
    {
        var query = Path.Combine(_folder, "with-model.sql");
        File.WriteAllText(query, $"SELECT 0.0 AS x0, 1.0 AS x1, 0.0 AS c0, id, name, f, d FROM '{Path.GetFileName(path)}'");
        return query;
    }

    private string Big()
    {
        var path = Path.Combine(_folder, "big.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 900_000).Select(row => row == 0 ? "x0,x1,c0,id" : $"{row % 7},{row % 5},{row % 3},id-{row}"));
        return path;
    }

    private static TextCells Cells(params string?[] texts)
    {
        var cells = new TextCells();
        foreach (var text in texts)
        {
            if (text is null) cells.AddMissing();
            else cells.Add(text);
        }

        return cells;
    }
}
