using System.Text;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Reading;

/// <summary>Every row: a file that cannot be used, and what its sentence must say. Nothing is left behind.</summary>
public sealed class BadTables : IDisposable
{
    private static readonly string Good = Tables.Csv(Tables.Normal(50, 2), "a,b");

    private static readonly Dictionary<string, (byte[] Bytes, string[] Says)> Cases = new()
    {
        ["empty.csv"] = ([], ["empty", "no rows", "write at least one row of numbers"]),
        ["blank.csv"] = (Text("\n \n\n"), ["empty", "no rows"]),
        ["header.csv"] = (Text("a,b\n"), ["header", "no rows"]),
        ["ragged.csv"] = (Text(Good + "1,2,3\n"), ["row 51 (line 52)", "3 values", "header has 2"]),
        ["short.csv"] = (Text("a,b\n\n1,2\n\n3\n"), ["row 2 (line 5)", "1 value where", "header has 2"]),
        ["bare.csv"] = (Text("1,2\n3,4,5\n"), ["row 2 (line 2)", "3 values", "first has 2"]),
        ["binary.csv"] = ([0, 1, 2, 3, 255, 0], ["not a csv", "binary"]),
        ["latin.csv"] = (Encoding.Latin1.GetBytes("a,b\n1,2\n3,é\n"), ["not a csv", "UTF-8"]),
        ["utf16.csv"] = (Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Good)).ToArray(), ["UTF-16", "UTF-8"]),
        ["quote.csv"] = (Text("a,b\n1,\"2\n3,4\n"), ["not a well-formed csv", "quote"]),
        ["endless.csv"] = (Text("a,b\n1,2\n\"" + new string('x', 5_000_000)), ["record 3 does not end", "close the quote"]),
        ["stray.csv"] = (Text(Good + "1,three\n"), ["row 51 (line 52)", "column 'b'", "'three'"]),
        ["inner.csv"] = (Text("\"a\nname\",b\n1,2\n3,three\n5,6\n7,8\n"), ["row 2 (line 4)", "column 'b'", "'three'"]),
        ["words.csv"] = (Text("a,city,b,zip\n1,Bern,2,3000\n2,Chur,3,0700\n"), ["text columns", "'city' ('Bern' in row 1 (line 2))", "'zip' (codes such as '0700' in row 2", "--columns a,b."]),
        ["spaced.csv"] = (Text("a b,city,it's\n1,Bern,2\n"), ["--columns 'a b,it'\\''s'."]),
        ["all-words.csv"] = (Text("a,b\nx,y\n"), ["'a'", "'b'", "no column of it is numeric"]),
        ["comma.csv"] = (Text("1,5;2,7\n1,6;2,8\n"), ["decimal commas", "row 1 (line 2), column '1,5' is '1,6'", "replace those commas, or export the table with points."]),
        ["commas.csv"] = (Text("city;price\nBern;1,5\nChur;2,7\n"), ["decimal commas", "column 'price' is '1,5'", "decimal point"]),
        ["nan.csv"] = (Text(Good + "nan,1\n"), ["row 51 (line 52)", "column 'a'", "missing", "NaN", "--missing drop"]),
        ["hole.csv"] = (Text("a,b\n1,2\n3,\n"), ["row 2 (line 3)", "column 'b'", "missing", "--missing drop"]),
        ["inf.csv"] = (Text(Good + "1,-inf\n"), ["row 51 (line 52)", "column 'b'", "not finite (-inf)", "--missing drop"]),
        ["constant.csv"] = (Text("a,b\n1,3\n2,3\n4,3\n"), ["constant column", "'b' (always 3)", "--columns a."]),
        ["same.csv"] = (Text("a,b,a\n1,2,3\n"), ["duplicate column names", "'a'"]),
        ["one.csv"] = (Text("a,b\n1,2\n"), ["only one row"]),
        ["wide.csv"] = (Text("a,b,c\n1,2,3\n4,9,6\n7,1,5\n"), ["3 rows for 3 columns"]),
        ["huge.csv"] = (Text("a\n1e300\n-1e300\n3\n"), ["column 'a'", "rescale"]),
        ["dependent.csv"] = (Text(Dependent()), ["linearly dependent", "'c' = a linear combination of 'a', 'b'", "--columns a,b,d."]),
        ["truncated.npy"] = (Npy.Of(Tables.Normal(50, 2))[..500], ["truncated", "928 bytes", "500 are present"]),
        ["long.npy"] = ([.. Npy.Of(Tables.Normal(50, 2)), 1], ["more bytes"]),
        ["nan.npy"] = (Npy.Of(new double[,] { { 1, 2 }, { 3, double.NaN } }), ["row 2", "column 'x1'", "missing"]),
        ["not.npy"] = (Text("hello, I am no array"), ["not an npy"]),
        ["stub.npy"] = (Text("hello"), ["npy"]),
        ["version.npy"] = (Npy.Head("{}", version: 9), ["version 9"]),
        ["complex.npy"] = (Npy.Head("{'descr': '<c16', 'fortran_order': False, 'shape': (3, 2), }"), ["complex", "f8"]),
        ["object.npy"] = (Npy.Head("{'descr': '|O', 'fortran_order': False, 'shape': (3, 2), }"), ["Python objects"]),
        ["structured.npy"] = (Npy.Head("{'descr': [('a', '<f4'), ('b', '<f8')], 'fortran_order': False, 'shape': (3,), }"), ["structured"]),
        ["cube.npy"] = (Npy.Head("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2, 2), }"), ["3 axes", "reshape"]),
        ["scalar.npy"] = (Npy.Head("{'descr': '<f4', 'fortran_order': False, 'shape': (), }"), ["0 axes"]),
        ["none.npy"] = (Npy.Head("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2), }"), ["no rows"]),
        ["broken.csv.gz"] = (TempFolder.Gzip(Text(Good))[..200], ["gzip", "truncated"]),
        ["plain.csv.gz"] = (Text(Good), ["gzip"]),
        ["broken.npz"] = (Text("PK\u0003\u0004xxxx"), ["npz", "zip"]),
        ["many.npz"] = (TempFolder.Zip(0, ("a.npy", []), ("b.npy", [])), ["2 arrays (a, b)", "none is called X"]),
        ["labelled.npz"] = (TempFolder.Zip(0, ("data.npy", []), ("y.npy", [])), ["2 arrays (data, y)", "none is called X", "numpy.savez(file, X=table)"]),
        ["none.npz"] = (TempFolder.Zip(0, ("y.npy", [])), ["without a table"]),
        ["table.xlsx"] = ([1], [".xlsx", ".csv, .tsv, .parquet, .arrow, .npy, .npz, .sql"]),
        ["extensionless"] = ([1], ["no extension"]),
    };

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void A_bad_file_is_refused_with_a_sentence_that_helps(string name) =>
        RequireRefusal(Tables.All(_folder.Write(name, Cases[name].Bytes)), [name, .. Cases[name].Says]);

    [Fact]
    public void A_missing_file_is_named_with_the_one_probably_meant()
    {
        _folder.Write("zipcodes.csv", Good);
        RequireRefusal(Tables.All(_folder.In("zipcode.csv")), ["'zipcode.csv' is not in", "did you mean zipcodes.csv?"]);
        RequireRefusal(Tables.All(_folder.In("no/where.csv")), ["'where.csv'", "does not exist"]);
        RequireRefusal(Tables.All(""), ["path is empty"]);
    }

    [Fact]
    public void A_folder_without_a_data_file_is_refused()
    {
        Directory.CreateDirectory(_folder.In("sub"));
        RequireRefusal(Tables.All(_folder.In("sub") + "/"), [$"'{_folder.In("sub")}/' is a folder without a data file"]);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_refused()
    {
        var refused = SourceFault.Sentence("secret.csv", new UnauthorizedAccessException());
        Assert.Contains("'secret.csv' may not be read", refused.Message);
        Assert.True(SourceFault.Explains(new UnauthorizedAccessException()));
    }

    [Theory]
    [InlineData(new[] { "a", "bb" }, new string[0], "no column 'bb'; it has a, b; did you mean b?")]
    [InlineData(new[] { "longitude" }, new string[0], "no column 'longitude'; it has a, b; choose among them.")]
    [InlineData(new[] { "A" }, new string[0], "did you mean a?")]
    [InlineData(new[] { "a", "a" }, new string[0], "'a' is asked for twice")]
    [InlineData(new[] { "a" }, new[] { "a" }, "'a' is asked for twice")]
    [InlineData(new string[0], new[] { "b", "a" }, "no column left to model")]
    [InlineData(new[] { "a" }, new[] { "c" }, "no column 'c'")]
    public void A_wrong_choice_of_columns_is_explained(string[] columns, string[] context, string says) =>
        RequireRefusal(new(_folder.Write("t.csv", Good), [.. columns], [.. context], MissingRows.Refuse), ["'t.csv'", says]);

    [Fact]
    public void A_text_column_chosen_by_name_is_refused_and_a_numeric_choice_is_offered() =>
        RequireRefusal(Tables.Of(_folder.Write("t.csv", "a,city,b\n1,Bern,2\n2,Chur,5\n"), "a", "city"), ["'t.csv'", "'city' ('Bern' in row 1", "is text", "--columns a,b, or take it as one of a few kinds with --as city=category."]);

    private void RequireRefusal(DataSelection selection, string[] says)
    {
        var refused = Assert.Throws<BadInputException>(() => Tables.Import(_folder, selection));
        Assert.All(says, part => Assert.Contains(part, refused.Message));
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Matches("[;:] [^;]+[.?]$", refused.Message); // it ends with what to do
        Assert.True(!Directory.Exists(_folder.In("store")) || Directory.GetDirectories(_folder.In("store")).All(folder => Path.GetFileName(folder) == "sources"));
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static string Dependent()
    {
        var table = Tables.Normal(200, 4);
        for (var row = 0; row < 200; row++)
            table[row, 2] = (3 * table[row, 0]) - (0.25 * table[row, 1]) + 7;
        return Tables.Csv(table, "a,b,c,d");
    }
}
