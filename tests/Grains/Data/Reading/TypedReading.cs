using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Reading;

/// <summary>Tables whose columns have types: parquet, Arrow, and the answers of queries.</summary>
public sealed class TypedReading : IDisposable
{
    private const string Everything = """
        SELECT range AS whole, range / 4 AS quarter, range % 2 = 0 AS even, DATE '1970-01-02' + range::INTEGER AS day, TIMESTAMP '1970-01-01 12:00:00' AS noon,
               1.25::DECIMAL(9, 2) AS exact, CASE WHEN range = 1 THEN NULL ELSE 7.5::FLOAT END AS some, 'n' || range AS name, [range] AS list
        FROM range(3)
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Numbers_dates_and_truths_of_a_query_read_as_numbers_and_nulls_as_missing()
    {
        using var reader = TableReader.Open(_folder.Write("t.sql", Everything + ";\n"));
        Assert.Equal(["whole", "quarter", "even", "day", "noon", "exact", "some", "name", "list"], reader.Columns);
        reader.Select([0, 1, 2, 3, 4, 5, 6], byName: true);
        var rows = Tables.ReadAll(reader);
        Assert.Equal([[0, 0, 1, 1, 0.5, 1.25, 7.5], [1, 0.25, 0, 2, 0.5, 1.25, double.NaN], [2, 0.5, 1, 3, 0.5, 1.25, 7.5]], rows);
    }

    [Fact]
    public void Text_and_lists_are_refused_by_their_types_and_the_numeric_columns_are_offered()
    {
        var path = _folder.Write("t.sql", Everything);
        Assert.Equal(
            "'t.sql' has columns that are no numbers: 'name' (text), 'list' (lists or bytes); use the numeric ones with --columns whole,quarter,even,day,noon,exact,some.",
            Refusal(Tables.All(path)));
        Assert.Equal(
            "'t.sql' cannot be read as numbers in 'name' (text); choose numeric columns with --columns whole,quarter,even,day,noon,exact,some, or take it as one of a few kinds with --as name=category.", Refusal(Tables.Of(path, "whole", "name")));
    }

    [Theory, InlineData(1), InlineData(2049), InlineData(300_000)]
    public void What_is_written_as_parquet_is_read_back_to_the_bit(int rows)
    {
        var table = Tables.Normal(rows, 3);
        var path = Parquet("t.parquet", table);
        Assert.Equal(["row", "a", "b"], Tables.Columns(path));
        var read = Tables.Read(path);
        Assert.Equal(rows, read.Length);
        for (var row = 0; row < rows; row++) Assert.Equal([row, (float)table[row, 1], table[row, 2]], read[row]);
    }

    [Fact]
    public void A_truncated_parquet_is_named_as_one()
    {
        var path = Parquet("t.parquet", Tables.Normal(1000, 3));
        var bytes = File.ReadAllBytes(path);
        foreach (var length in new[] { 1, 3, 12, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Matches("^'t.parquet' is not a whole parquet file: it is damaged or truncated", Refusal(Tables.All(path)));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Arrow_files_and_streams_are_read_with_their_nulls(bool isStream)
    {
        var path = _folder.In("t.arrow");
        var batch = new RecordBatch.Builder()
            .Append("a", nullable: true, column => column.Double(values => values.Append(1.5).AppendNull().Append(-2)))
            .Append("n", nullable: false, column => column.Int64(values => values.AppendRange([4, 5, 6])))
            .Append("is", nullable: false, column => column.Boolean(values => values.AppendRange([true, false, true])))
            .Append("word", nullable: false, column => column.String(values => values.AppendRange(["x", "y", "z"]))).Build();
        using (var file = File.Create(path))
        {
            using ArrowStreamWriter writer = isStream ? new(file, batch.Schema) : new ArrowFileWriter(file, batch.Schema);
            writer.WriteRecordBatch(batch);
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        using var reader = TableReader.Open(path);
        reader.Select([0, 1, 2], byName: true);
        double[][] once = [[1.5, 4, 1], [double.NaN, 5, 0], [-2, 6, 1]];
        Assert.Equal([.. once, .. once], Tables.ReadAll(reader));
        Assert.Contains("'word' (text)", Refusal(Tables.All(path)));
    }

    [Fact]
    public void Words_of_an_arrow_dictionary_are_counted_and_decimals_are_numbers()
    {
        var words = new DictionaryArray(
            new DictionaryType(Int8Type.Default, StringType.Default, ordered: false), new Int8Array.Builder().AppendRange([1, 0, 1, 1]).Build(), new StringArray.Builder().AppendRange(["x", "y"]).Build());
        var prices = new Decimal128Array.Builder(new Decimal128Type(9, 2)).Append(1.25m).Append(-2m).Append(0.5m).Append(3m).Build();
        var schema = new Schema([new Field("word", words.Data.DataType, nullable: false), new Field("price", prices.Data.DataType, nullable: false)], metadata: null);
        var path = _folder.In("t.arrow");
        using (var file = File.Create(path))
        {
            using var writer = new ArrowFileWriter(file, schema);
            writer.WriteRecordBatch(new RecordBatch(schema, [words, prices], 4));
            writer.WriteEnd();
        }

        var columns = Inspector.Inspect(Tables.All(path), progress: null, Tables.Cancellation).Columns;
        Assert.Equal([("word", "text", 2L), ("price", "number", 4L)], columns.Select(column => (column.Name, column.Type, column.Distinct)));
        Assert.Equal(-2, columns[1].Min);
    }

    [Theory]
    [InlineData("SELECT 1 AS a; SELECT 2 AS a", "The query in 't.sql' cannot be answered")]
    [InlineData("SELECT 1 AS a) ; COPY (SELECT 1) TO 'x.csv'; SELECT * FROM (SELECT 2 AS b", "The query in 't.sql' must be one SELECT")]
    [InlineData("COPY (SELECT 1) TO 'x.csv'", "The query in 't.sql' cannot be answered")]
    [InlineData("SELECT nothing FROM nowhere", "The query in 't.sql' cannot be answered")]
    [InlineData("SELECT * FROM '/etc/passwd'", "The query in 't.sql' cannot be answered (table with name /etc/passwd does not exist); mend it.")]
    [InlineData("SELECT * FROM read_text('../../etc/passwd')", "The query in 't.sql' reads outside of its folder")]
    [InlineData("SELECT 1/0 AS a, error('late') AS b FROM range(100000)", "The query in 't.sql' cannot be answered")]
    public void A_query_that_is_no_one_select_or_reads_elsewhere_is_refused_and_writes_nothing(string query, string says)
    {
        var path = _folder.Write("t.sql", query);
        Assert.Contains(says, Refusal(Tables.All(path)));
        Assert.False(File.Exists(_folder.In("x.csv")));
    }

    [Fact]
    public void A_query_joins_the_files_beside_it_and_is_read_again_when_one_of_them_changes()
    {
        _folder.Write("left.csv", "id,x\n1,10\n2,25\n3,31\n4,38\n");
        _folder.Write("right.csv", "id,y\n1,5\n2,1\n3,9\n4,2\n");
        var path = _folder.Write("both.sql", "SELECT x, y FROM 'left.csv' JOIN 'right.csv' USING (id) ORDER BY id");
        Assert.Equal([[10, 5], [25, 1], [31, 9], [38, 2]], Tables.Read(path));
        using var first = Tables.Import(_folder, Tables.All(path));
        using var same = Tables.Import(_folder, Tables.All(path));
        Assert.Equal(first.Id, same.Id);
        _folder.Write("right.csv", "id,y\n1,5\n2,1\n3,9\n4,3\n");
        using var other = Tables.Import(_folder, Tables.All(path));
        Assert.NotEqual(first.Id, other.Id);
    }

    [Theory]
    [InlineData("SELECT x, y FROM 'left.csv' l, 'right.csv' r WHERE l.id = r.id ORDER BY x")]
    [InlineData("SELECT x, y FROM \"left.csv\" JOIN \"right.csv\" USING (id) ORDER BY x")]
    [InlineData("SELECT x, y FROM read_csv(['left.csv']) JOIN read_csv('right.csv', header = true) USING (id) ORDER BY x")]
    public void However_a_query_names_its_files_it_reads_them_and_notices_their_change(string query)
    {
        _folder.Write("left.csv", "id,x\n1,10\n2,25\n3,31\n4,38\n");
        _folder.Write("right.csv", "id,y\n1,5\n2,1\n3,9\n4,2\n");
        var path = _folder.Write("both.sql", query);
        using var first = Tables.Import(_folder, Tables.All(path));
        Assert.Equal(4, first.Rows);
        _folder.Write("right.csv", "id,y\n1,5\n2,1\n3,9\n4,3\n");
        using var other = Tables.Import(_folder, Tables.All(path));
        Assert.NotEqual(first.Id, other.Id);
    }

    [Fact]
    public void A_file_that_nobody_hashes_cannot_be_read()
    {
        _folder.Write("secret.csv", "a\n1\n2\n");
        var parquet = Parquet("t.parquet", Tables.Normal(1000, 3));
        Assert.Contains("cannot be answered", Refusal(Tables.All(parquet) with { Where = $"row IN (SELECT a FROM '{_folder.In("secret.csv")}')" }));
        Assert.Contains("reads outside of its folder", Refusal(Tables.All(_folder.Write("t.sql", $"SELECT a, a * a AS b FROM read_csv('{_folder.In("sec")}' || 'ret.csv')"))));
    }

    [Fact]
    public void A_moment_with_a_zone_is_the_same_wherever_it_is_read() =>
        Assert.Equal([[19_723.5, 1]], Tables.Read(_folder.Write("t.sql", "SELECT TIMESTAMPTZ '2024-01-01 14:00:00+02' AS t, 1 AS one")));

    [Fact]
    public void A_pipe_beside_a_query_is_no_source_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux is asked for a pipe here.");
        _folder.Write("part-1.csv", "a,b\n1,5\n2,3\n3,4\n");
        using var made = System.Diagnostics.Process.Start("mkfifo", _folder.In("part-9"))!;
        made.WaitForExit();
        var path = _folder.Write("t.sql", "SELECT a, b FROM read_csv('part-*.csv') ORDER BY a");
        using var data = Tables.Import(_folder, Tables.All(path));
        Assert.Equal(3, data.Rows);
    }

    [Fact]
    public void A_condition_filters_rows_of_parquet_and_queries_and_makes_another_data_set()
    {
        var path = Parquet("t.parquet", Tables.Normal(1000, 3));
        using var all = Tables.Import(_folder, Tables.All(path));
        using var some = Tables.Import(_folder, Tables.All(path) with { Where = "row < 100 AND b > -100" });
        Assert.Equal((1000, 100), (all.Rows, some.Rows));
        Assert.NotEqual(all.Id, some.Id);
        Assert.Matches("^--where 'nothing = 1' cannot be answered \\(.*nothing.*\\); mend it", Refusal(Tables.All(path) with { Where = "nothing = 1" }));
        Assert.Contains("must be one condition", Refusal(Tables.All(path) with { Where = "true)); COPY (SELECT 1) TO 'x.csv'; SELECT ((1" }));
        Assert.Equal(
            "--where filters .parquet and .sql, and 't.csv' is neither; write the condition into a query beside it, such as t.sql with SELECT * FROM 't.csv' WHERE …",
            Refusal(Tables.All(_folder.Write("t.csv", "a,b\n1,2\n3,5\n")) with { Where = "a > 1" }));
    }

    [Fact]
    public void A_word_of_the_rows_is_no_file_though_one_has_its_name()
    {
        Directory.CreateDirectory(_folder.In("data"));
        _folder.Write("left.csv", "kind,x\ndata,1\nleft.csv,2\nother,3\n");
        var path = _folder.Write("t.sql", "SELECT x, x * x AS y FROM 'left.csv' WHERE kind IN ('data', 'left.csv') ORDER BY x");
        Assert.Equal([[1, 1], [2, 4]], Tables.Read(path));
    }

    [Fact]
    public void Files_that_a_query_names_by_a_wildcard_make_it_anew_when_they_change()
    {
        _folder.Write("part-1.csv", "a,b\n1,5\n2,3\n3,4\n");
        var path = _folder.Write("t.sql", "SELECT a, b FROM read_csv('part-*') ORDER BY a");
        using var first = Tables.Import(_folder, Tables.All(path));
        _folder.Write("part-2.csv", "a,b\n4,9\n");
        using var second = Tables.Import(_folder, Tables.All(path));
        Assert.Equal((3, 4), (first.Rows, second.Rows));
    }

    [Fact]
    public void Brackets_and_wildcards_in_the_name_of_a_parquet_are_letters()
    {
        Parquet("t1.parquet", Tables.Normal(7, 3));
        foreach (var name in new[] { "t[1].parquet", "t?.parquet", "t*.parquet" }) Assert.Equal(9, Tables.Read(Parquet(name, Tables.Normal(9, 3))).Length);
    }

    private static string Refusal(DataSelection selection)
    {
        using var folder = new TempFolder();
        return Assert.Throws<BadInputException>(() => Tables.Import(folder, selection)).Message;
    }

    /// <summary>A parquet file with the columns row (int64), a (float) and b (double).</summary>
    private string Parquet(string name, double[,] table)
    {
        using var writer = TableFile.Create(_folder.In(name), [new("row", IsWhole: true), new("a", IsSingle: true), new("b")]);
        for (var row = 0; row < table.GetLength(0); row++) writer.Write([row, table[row, 1], table[row, 2]]);
        writer.Complete();
        return _folder.In(name);
    }
}
