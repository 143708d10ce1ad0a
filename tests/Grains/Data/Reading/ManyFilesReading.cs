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

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.In(name))!);
        _folder.Write(name, text);
    }

    private string Refusal(string path) => Assert.Throws<BadInputException>(() => Tables.Import(_folder, Tables.All(path))).Message;
}
