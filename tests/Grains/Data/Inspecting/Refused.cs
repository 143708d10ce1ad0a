using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Inspecting;

/// <summary>Every row: a table that training would refuse, and what each of the sentences must say.</summary>
public sealed class Refused : IDisposable
{
    private static readonly string Good = Tables.Csv(Tables.Normal(50, 2), "a,b");

    private static readonly Dictionary<string, (string Text, string[][] Says)> Cases = new()
    {
        ["words"] = ("a,city,b,zip\n1,Bern,2,3000\n2,Chur,3,0700\n4,Chur,1,5\n", [["text columns", "'city' ('Bern' in row 1 (line 2))", "'zip' (codes such as '0700' in row 2 (line 3))", "--columns a,b."]]),
        ["codes without text"] = ("a,zip\n1,3000\n2,0700\n3,4\n", []),
        ["only words"] = ("a,b\nx,y\n", [["'a'", "'b'", "no column of it is numeric"]]),
        ["stray word"] = (Good + "1,three\n", [["text in a number column", "row 51 (line 52)", "column 'b'", "'three'"]]),
        ["words and a stray one"] = ("a,city,b\n1,Bern,2\n2,Chur,x\n3,Thun,4\n5,Biel,7\n",
            [["text columns", "--columns a."], ["text in a number column", "row 2 (line 3)", "column 'b'"]]),
        ["holes"] = (Good + "nan,1\n2,3\n3,\n", [["row 51 (line 52)", "column 'a'", "missing", "the first of 2 incomplete rows", "--missing drop"]]),
        ["infinity"] = (Good + "1,-inf\n", [["row 51 (line 52)", "column 'b'", "not finite (-inf);", "--missing drop"]]),
        ["empty column"] = ("a,b,c\n1,,2\n2,,7\n3,,1\n9,,5\n", [["no value at all in 'b'", "leave it out: --columns a,c."]]),
        ["constant"] = ("a,b,c,d\n1,3,0,2\n2,3,0,1\n4,3,0,7\n3,3,0,1\n5,3,0,8\n", [["constant columns", "'b' (always 3), 'c' (always 0)", "leave them out: --columns a,d."]]),
        ["duplicate names"] = ("a,b,a\n1,2,3\n2,2.5,1\n7,1,1\n4,3,8\n", [["duplicate column names", "'a' appears 2 times"]]),
        ["header only"] = ("a,b\n", [["header but no rows"]]),
        ["one row"] = ("a,b\n1,2\n", [["only one row"]]),
        ["no complete row"] = ("a,b\n1,\n,2\n3,\n", [["row 1 (line 2)", "--missing drop"], ["no rows left after 3"]]),
        ["wide"] = ("a,b,c\n1,2,3\n4,9,6\n7,1,5\n", [["3 rows for 3 columns"]]),
        ["huge"] = ("a\n1e300\n-1e300\n3\n", [["column 'a'", "rescale"]]),
        ["everything"] = (Everything(),
            [
                ["text columns: 'city'", "--columns a,b,sum,same."],
                ["row 2 (line 3)", "column 'a'", "--missing drop"],
                ["constant column: 'same' (always 1)", "leave it out: --columns a,b,sum."],
                ["linearly dependent columns: 'sum' = a linear combination of 'a', 'b'", "leave them out: --columns a,b."],
            ]),
    };

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void Every_reason_is_given(string name)
    {
        var (text, says) = Cases[name];
        var refused = Inspector.Inspect(Tables.All(_folder.Write("t.csv", text)), progress: null, Tables.Cancellation).Refused;
        Assert.True(says.Length == refused.Length, string.Join('\n', refused));
        foreach (var (sentence, parts) in refused.Zip(says))
            Assert.All(parts.Prepend("'t.csv'"), part => Assert.Contains(part, sentence));
    }

    [Theory, MemberData(nameof(Names))]
    public void The_first_reason_is_the_one_with_which_training_refuses(string name)
    {
        var path = _folder.Write("t.csv", Cases[name].Text);
        var refused = Inspector.Inspect(Tables.All(path), progress: null, Tables.Cancellation).Refused;
        var error = Record.Exception(() => Tables.Import(_folder, Tables.All(path)).Dispose());
        Assert.Equal(refused.IsEmpty, error is null);
        if (name is not ("holes" or "no complete row" or "empty column")) Assert.Equal(refused.FirstOrDefault(), error?.Message); // at a hole training stops, and counts no more
    }

    private static string Everything()
    {
        var table = Tables.Normal(200, 3);
        for (var row = 0; row < 200; row++)
            table[row, 2] = (table[row, 0] + table[row, 1]) / 8; // less variance: the pivots are a and b
        var lines = Tables.Csv(table, "a,b,sum").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line + (line[0] == 'a' ? ",same,city" : ",1,Bern")).ToList();
        lines[2] = ",1,1,1,Bern";
        return string.Join('\n', lines);
    }
}
