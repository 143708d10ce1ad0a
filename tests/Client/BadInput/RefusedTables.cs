using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.BadInput;

/// <summary>The contract's table of bad input, for every format, through the commands that read a table.</summary>
/// <remarks>In the words of a sentence {file} is the file, {row} its last row, the fiftieth, as the format counts it, and {line} the line of a text, nothing elsewhere.</remarks>
public sealed class RefusedTables(RealCli cli) : IClassFixture<RealCli>
{
    private static readonly string[] Texts = ["t.csv", "t.tsv", "t.csv.gz"], Arrays = ["t.npy", "t.npy.gz", "t.npz"], Arrows = ["file.arrow", "stream.arrow"], Queried = ["t.parquet", "t.sql"];
    private static readonly string[] Named = [.. Texts, .. Arrows, .. Queried], Packed = [.. Arrays, .. Arrows, "t.csv.gz", "t.parquet"], All = [.. Named, .. Arrays];

    /// <summary>Tables that no command takes; <c>data inspect</c> either refuses them too, or says why training would.</summary>
    private static readonly Case[] Broken =
    [
        new("no bytes", All, path => File.WriteAllBytes(path, []), "'{file}' is empty"),
        new("only a header", All, Grid.Good.Take(0), "'{file}' has", "no rows"),
        new("a ragged row", Texts, Grid.Good with { Rows = [.. Grid.Good.Rows[..^1], [1.0]] }, "'{file}' is ragged", "{row} has 1 value where the header has 2", "mend or remove that line"),
        new("columns of two lengths", Arrows, Grid.Good with { Rows = [.. Grid.Good.Rows[..^1], [1.0]] }, "'{file}' is damaged (the columns of a batch have different lengths)"),
        new("a text", Texts, Grid.Good.Ending(1.5, "three"), "'{file}'", "{row}", "column 'x1'", "is 'three'", "--missing drop"),
        new("a column of texts", [.. Arrows, .. Queried], Grid.Good.Ending(1.5, "three"), "'{file}'", "'x1' (text)"),
        new("texts", Arrays, Grid.Good.Ending(1.5, "three"), "'{file}' holds type '<U5' (text)", "save it as"),
        new("a missing value", All, Grid.Good.Ending(1.5, null), "'{file}'", "{row}", "column 'x1' is missing", "--missing drop"),
        new("a NaN", All, Grid.Good.Ending(1.5, double.NaN), "'{file}'", "{row}", "column 'x1' is missing", "--missing drop"),
        new("an infinite value", All, Grid.Good.Ending(1.5, double.NegativeInfinity), "'{file}'", "{row}", "column 'x1' is", "not finite", "--missing drop"),
        new("two columns of one name", Named, Grid.Good with { Names = ["x0", "x0"] }, "'{file}' has duplicate column names: 'x0' appears 2 times", "rename them"),
        new("the end cut off", Packed, Cut, "'{file}'", "copy it again|save it again"),
        new("another kind of file", [.. Packed, "t.sql"], path => File.WriteAllText(path, "Dear reader, this is a letter.\n"), "'{file}'", "only named like one|no well-formed Arrow file|not an npy array|not a whole npz|cannot be answered"),
        new("no text", Texts[..2], path => File.WriteAllBytes(path, [.. Enumerable.Range(0, 4000).Select(i => (byte)i)]), "'{file}' is not a csv"),
    ];

    /// <summary>Tables that can be scored, and of which no density could come.</summary>
    private static readonly Case[] Degenerate =
    [
        new("one row", All, Grid.Good.Take(1), "'{file}' has only one row", "add rows"),
        new("a constant column", All, Grid.Good.Second(_ => 3.0), "'{file}' has a constant column: 'x1' (always 3)", "--columns x0"),
        new("a dependent column", All, Grid.Good.Second(x => 3 - 2 * x), "'{file}' has linearly dependent columns: 'x1' = a linear combination of 'x0'", "--columns x0"),
    ];

    private static readonly Case Sound = new("nothing", All, Grid.Good);

    /// <summary>Options that do not fit the sound table.</summary>
    private static readonly Dictionary<string, string[]> Misfits = new()
    {
        ["--columns x0,x3"] = ["'{file}' has no column 'x3'; it has x0, x1", "did you mean x0?"],
        ["--shards 51 --validation 0"] = ["'{file}'", "51", "shards"],
    };

    public static TheoryData<string, string> Refused => Cells([.. Broken, .. Degenerate]);

    public static TheoryData<string, string> Unreadable => Cells(Broken);

    public static TheoryData<string, string> Misfitting => [.. from options in Misfits.Keys from file in All select (options, file)];

    /// <summary>What is wrong with a file also behind a sound one; queries are no files of a folder.</summary>
    public static TheoryData<string, string> BehindASoundOne => Cells([.. Broken.Where(one => one.Fault != "only a header").Select(one => one with { Files = [.. one.Files.Where(file => file != "t.sql")] })]);

    public static TheoryData<string> Files => [.. All];

    [Theory, MemberData(nameof(Refused))]
    public async Task Training_refuses(string fault, string file)
    {
        var spoilt = Write(fault, file);
        (await cli.Run("train", spoilt, "--steps", "1", "--name", "bad")).RequireRefusal(Words(fault, file));
        var answer = await cli.Run("train", spoilt, "--json");
        Assert.Equal((ExitCode.Usage, answer.Sentence), (answer.Json.GetProperty("exitCode").GetInt32(), answer.Json.GetProperty("error").GetString()));
    }

    [Theory, MemberData(nameof(Unreadable))]
    public async Task Scoring_and_evaluating_refuse(string fault, string file)
    {
        var spoilt = Write(fault, file);
        foreach (var output in new[] { "out.csv", "out.parquet", "out.npy" })
            (await cli.Run("score", spoilt, "--model", "m", "--out", cli.In(output))).RequireRefusal(Words(fault, file));
        (await cli.Run("evaluate", spoilt, "--model", "m")).RequireRefusal(Words(fault, file));
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task Inspecting_says_it_too(string fault, string file)
    {
        var answer = await cli.Run("data", "inspect", Write(fault, file), "--json");
        Assert.Empty(answer.Left);
        var said = answer.Code == ExitCode.Ok ? Assert.Single(answer.Json.GetProperty("refused").EnumerateArray()).GetString()! : answer.Sentence;
        Assert.All(Words(fault, file), word => CliAnswer.RequireWord(word, said));
    }

    [Theory, MemberData(nameof(BehindASoundOne))]
    public async Task Of_a_folder_and_a_glob_the_file_is_named_that_is_spoilt(string fault, string file)
    {
        var (folder, extension) = (Directory.CreateDirectory(cli.In("folder")).FullName, file[file.IndexOf('.')..]);
        File.Move(Write(Sound, file), Path.Combine(folder, $"1{extension}"));
        File.Move(Write(fault, file), Path.Combine(folder, $"2{extension}"));
        foreach (var path in new[] { folder, Path.Combine(folder, "*.*") })
            (await cli.Run("train", path, "--name", "bad")).RequireRefusal($"'2{extension}'");
        Directory.Delete(folder, recursive: true);
    }

    [Theory, MemberData(nameof(Misfitting))]
    public async Task Training_refuses_options_that_do_not_fit(string options, string file)
    {
        var answer = await cli.Run(["train", Write(Sound, file), .. options.Split(' ')]);
        (answer with { Left = [.. answer.Left.Where(path => !path.StartsWith(Path.Combine(cli.Home, "data"), StringComparison.Ordinal))] }) // the table is sound, and stays imported
            .RequireRefusal([.. Misfits[options].Select(word => Filled(word, file))]);
    }

    [Theory, MemberData(nameof(Files))]
    public async Task Scoring_refuses_a_table_of_another_dimension(string file)
    {
        TableFormats.Write(cli.In(file), new(["x0"], [.. Grid.Good.Rows.Select(row => row[..1])]));
        (await cli.Run("score", cli.In(file), "--model", "m", "--out", cli.In("out.csv"))).RequireRefusal($"'{file}'", "the model expects", "x0, x1", "lacks 'x1'|has 1 column");
    }

    [Theory, MemberData(nameof(Files))]
    public async Task With_missing_drop_incomplete_rows_are_left_out_and_counted(string file)
    {
        TableFormats.Write(cli.In(file), Grid.Good.Ending(1.5, null) with { Rows = [.. Grid.Good.Rows, [double.PositiveInfinity, 2.5], [3.5, null], [4.5, 6.5]] });
        var trained = await cli.Run("train", cli.In(file), "--missing", "drop", "--validation", "0", "--steps", "1", "--set", "hidden=8", "--name", $"dropped-{file}", "--json", "--quiet");
        Assert.Equal((51, 2), (trained.Json.GetProperty("rows").GetInt64(), trained.Json.GetProperty("droppedRows").GetInt64()));
        var scored = await cli.Run("score", cli.In(file), "--model", "m", "--missing", "drop", "--json");
        Assert.Equal((53, 2), (scored.Json.GetProperty("rows").GetInt64(), scored.Json.GetProperty("nonFinite").GetInt64()));
    }

    private static TheoryData<string, string> Cells(Case[] cases) => [.. from one in cases from file in one.Files select (one.Fault, file)];

    private static Case Of(string fault) => Broken.Concat(Degenerate).Single(one => one.Fault == fault);

    private static string[] Words(string fault, string file) => [.. Of(fault).Says.Select(word => Filled(word, file))];

    private static string Filled(string word, string file) => word
        .Replace("{file}", file, StringComparison.Ordinal)
        .Replace("{row}", Texts.Contains(file) ? "row 50 (line 51)" : "row 50", StringComparison.Ordinal);

    private string Write(string fault, string file) => Write(Of(fault), file);

    private string Write(Case one, string file)
    {
        one.Write(cli.In(file));
        return cli.In(file);
    }

    private static void Cut(string path)
    {
        TableFormats.Write(path, Grid.Good);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^9]);
    }

    /// <summary>A fault, the files that can have it, how it comes about, and words of the sentence.</summary>
    private sealed record Case(string Fault, string[] Files, Action<string> Write, params string[] Says)
    {
        internal Case(string fault, string[] files, Grid grid, params string[] says) : this(fault, files, path => TableFormats.Write(path, grid), says)
        {
        }
    }
}
