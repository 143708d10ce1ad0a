using System.Globalization;
using System.Text;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Reading;

/// <summary>Folders and globs of files, read as one table.</summary>
public sealed class ManyFilesReading : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_files_of_a_folder_and_below_are_read_in_the_order_of_their_names()
    {
        Write("d/2.csv", "a,b\n3,4\n");
        Write("d/1.csv", "a,b\n1,2\n5,6\n");
        Write("d/x/3.csv", "a,b\n7,8\n");
        Write("d/_temporary/4.csv", "a,b\n9,9\n");
        Write("d/.5.csv", "a,b\n9,9\n");
        Write("d/notes.txt", "none");
        Assert.Equal([[1, 2], [5, 6], [3, 4], [7, 8]], Tables.Read(_folder.In("d")));
    }

    [Fact]
    public void A_glob_chooses_among_them()
    {
        Write("d/a-1.csv", "a,b\n1,2\n");
        Write("d/a-2.csv", "a,b\n3,4\n");
        Write("d/b-1.csv", "a,b\n5,6\n");
        Write("d/x/a-3.csv", "a,b\n7,8\n");
        Assert.Equal([[1, 2], [3, 4]], Tables.Read(_folder.In("d/a-*.csv")));
        Assert.Equal([[1, 2], [3, 4], [7, 8]], Tables.Read(_folder.In("d/**/a-?.csv")));
    }

    [Fact]
    public void Files_with_other_columns_or_of_several_formats_are_refused()
    {
        Write("d/1.csv", "a,b\n1,2\n");
        Write("d/2.csv", "a,c\n1,2\n");
        Assert.Equal("'2.csv' has the columns a, c, and '1.csv', which is of the same data set, has a, b; give them the same, or name fewer files.", Refusal(_folder.In("d")));
        Write("d/3.npy", "x");
        Assert.Equal($"'{_folder.In("d")}' holds files of several formats, .csv, .npy, and a data set has one; name a glob, such as '{_folder.In("d")}/*.csv'.", Refusal(_folder.In("d")));
        Assert.StartsWith($"'{_folder.In("d/*.parquet")}' matches no data file", Refusal(_folder.In("d/*.parquet")));
        Write("d/4.csv", "");
        Assert.Contains("'4.csv' in", Refusal(_folder.In("d/*.csv")));
    }

    [Fact]
    public void A_fault_names_the_file_and_the_row_in_it()
    {
        Write("d/1.csv", "a,b\n1,2\n3,7\n");
        Write("d/2.csv", "a,b\n4,1\n5,\n");
        Assert.Contains("row 2 (line 3) of '2.csv', column 'b' is missing", Refusal(_folder.In("d")));
        Write("d/2.csv", "a,b\n4,1\n5,word\n6,1\n");
        Assert.Contains("'2.csv' has text in a number column: row 2", Refusal(_folder.In("d")));
    }

    [Fact]
    public void A_column_of_dates_in_one_file_and_numbers_in_another_is_refused_and_one_without_values_is_not()
    {
        Write("d/1.csv", "when,b\n2020-01-31,2\n2020-02-01,7\n");
        Write("d/2.csv", "when,b\n,1\n");
        Write("d/3.csv", "when,b\n18000,1\n18001,4\n");
        var mixed = Assert.Throws<BadInputException>(() => Tables.Import(_folder, Tables.All(_folder.In("d"), MissingRows.Drop)));
        Assert.Equal("'3.csv' has numbers in 'when', where '1.csv' has dates; write them alike in all files, or leave the column out.", mixed.Message);
        Write("d/3.csv", "when,b\n2020-03-01,1\n2020-03-02,4\n");
        using var dated = Tables.Import(_folder, Tables.All(_folder.In("d"), MissingRows.Drop));
        Assert.Equal([true, false], dated.Manifest.Columns.Select(column => column.IsDate));
    }

    [Fact]
    public void A_row_that_is_left_out_is_listed_with_its_file_whose_name_is_no_part_of_the_data()
    {
        Write("d/1.csv", "a,b\n1,2\n3,7\n4,\n");
        Write("d/2.csv", "a,b\n4,1\ninf,3\n5,9\n");
        using var first = Tables.Import(_folder, Tables.All(_folder.In("d"), MissingRows.Drop));
        Assert.Equal([new(3, "b", "missing") { File = "1.csv" }, new(2, "a", "inf") { File = "2.csv" }], first.Manifest.LeftOut!.Value);
        using var other = new TempFolder();
        Directory.CreateDirectory(other.In("e"));
        foreach (var name in new[] { "1", "2" }) File.Copy(_folder.In($"d/{name}.csv"), other.In($"e/{name}{name}.csv"));
        using var renamed = Tables.Import(other, Tables.All(other.In("e"), MissingRows.Drop));
        Assert.Equal(first.Manifest.Root, renamed.Manifest.Root);
    }

    [Fact]
    public void A_data_set_of_several_files_is_that_of_their_rows_and_is_known_again_until_one_changes()
    {
        Write("d/1.csv", "a,b\n1,2\n3,7\n");
        Write("d/2.csv", "a,b\n4,1\n5,0\n");
        using var first = Tables.Import(_folder, Tables.All(_folder.In("d")));
        using var again = Tables.Import(_folder, Tables.All(_folder.In("d")));
        Assert.Equal((first.Id, 4), (again.Id, again.Rows));
        Write("d/2.csv", "a,b\n4,1\n5,8\n");
        using var changed = Tables.Import(_folder, Tables.All(_folder.In("d")));
        Assert.NotEqual(first.Id, changed.Id);
    }

    [Fact]
    public void Files_that_are_read_beside_one_another_give_the_rows_and_the_codes_of_one_file_with_all_of_them()
    {
        var random = new Random(3);
        var all = new StringBuilder("a,b,c\n");
        for (var file = 0; file < 9; file++)
        {
            var rows = new StringBuilder();
            for (var row = 0; row < 15_000 - 1_500 * file; row++) rows.Append(CultureInfo.InvariantCulture, $"{random.NextDouble():R},level {(file + random.Next(4)) % 7},{(random.Next(9) == 0 ? "" : row)}\n");
            all.Append(rows);
            Write($"d/{file}.csv", $"a,b,c\n{rows}");
        }

        Write("all.csv", all.ToString());
        var (many, one) = (Coded(_folder.In("d")), Coded(_folder.In("all.csv")));
        Assert.Equal(one.Names, many.Names);
        Assert.Equal(one.Rows, many.Rows);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_after_the_rows_before_it_and_the_others_are_let_go()
    {
        Write("d/1.csv", "a,b\n1,2\n3,7\n");
        Write("d/2.csv", "a\n4\n");
        Write("d/3.csv", "a,b\n" + string.Concat(Enumerable.Repeat("5,6\n", 100_000)));
        using var reader = TableReader.Open(_folder.In("d"));
        reader.Select([0, 1], byName: false);
        var rows = new double[64];
        Assert.Equal(2, reader.Read(rows, TestContext.Current.CancellationToken));
        Assert.StartsWith("'2.csv' has the columns a,", Assert.Throws<BadInputException>(() => reader.Read(rows, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_told_after_those_that_were_read_early()
    {
        Write("d/1.csv", "a,b\n1,2\n");
        Write("d/2.csv", "a,b\n3,4\n");
        Write("d/3.csv", "\n");
        Assert.StartsWith("'3.csv' is empty", Refusal(_folder.In("d")), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_that_is_cancelled_ends_also_for_the_files_that_wait_for_their_turn()
    {
        for (var file = 0; file < 4; file++) Write($"d/{file}.csv", "a,b\n" + string.Concat(Enumerable.Repeat("5,6\n", 100_000)));
        using var cancellation = new CancellationTokenSource();
        using var reader = TableReader.Open(_folder.In("d"));
        reader.Select([0, 1], byName: false);
        var rows = new double[2 * 110_000];
        Assert.Equal(100_000, reader.Read(rows, cancellation.Token));
        Assert.InRange(reader.Read(rows, cancellation.Token), 1, 100_000);
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => reader.Read(rows, cancellation.Token));
    }

    private static (string Names, double[][] Rows) Coded(string path)
    {
        using var reader = TableReader.Open(path);
        reader.Select([0, 1, 2], byName: false);
        var levels = LevelCodes.Growing(path, "b");
        reader.TakeLevels([null, levels, null]);
        var rows = Tables.ReadAll(reader);
        return (string.Join(",", levels.Names), rows);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.In(name))!);
        _folder.Write(name, text);
    }

    private string Refusal(string path) => Assert.Throws<BadInputException>(() => Tables.Import(_folder, Tables.All(path))).Message;
}
