using System.Text;
using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.Commands;

public sealed class SampleCommandTests
{
    [Fact]
    public async Task Without_a_file_the_rows_go_to_stdout_as_csv()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("sample", "--model", "zipcodes", "-n", "3"));
        var lines = cli.Out.TrimEnd().Split('\n');
        Assert.Equal(("longitude,latitude", 4), (lines[0], lines.Length));
        Assert.All(lines[1..], line => Assert.Equal(2, line.Split(',').Length));
    }

    [Fact]
    public async Task Days_are_drawn_as_dates()
    {
        using var cli = new TestCli(new() { Published = [Examples.Model with { Dates = ["latitude"], Whole = ["latitude"] }], Drawn = _ => 19_000 });
        Assert.Equal(ExitCode.Ok, await cli.Run("sample", "--model", "zipcodes", "-n", "1"));
        Assert.Equal("longitude,latitude\n19000,2022-01-08\n", cli.Out);
    }

    [Fact]
    public async Task A_csv_file_has_a_header_and_every_row()
    {
        using var cli = new TestCli();
        var path = Path.Combine(cli.Folder, "s.csv");
        Assert.Equal(ExitCode.Ok, await cli.Run("sample", "--model", "zipcodes", "-n", "2500", "--out", path, "--json"));
        Assert.Equal(2501, File.ReadAllLines(path).Length);
        Assert.Equal(["rows", "nonFinite", "rowsPerSecond", "seconds", "out"], cli.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal((2500, path), (cli.Json.GetProperty("rows").GetInt64(), cli.Json.GetProperty("out").GetString()));
    }

    [Fact]
    public async Task An_npy_file_says_its_shape_and_holds_as_many_numbers()
    {
        using var cli = new TestCli();
        var path = Path.Combine(cli.Folder, "s.npy");
        await cli.Run("sample", "--model", "zipcodes", "-n", "2500", "--out", path);
        var bytes = File.ReadAllBytes(path);
        var header = 10 + BitConverter.ToUInt16(bytes, 8);
        Assert.Equal(0, header % 64);
        Assert.Contains("'descr': '<f8', 'fortran_order': False, 'shape': (2500, 2)", Encoding.ASCII.GetString(bytes, 10, header - 10));
        Assert.Equal(header + (2500 * 2 * sizeof(double)), bytes.Length);
    }

    [Theory, InlineData("sample", "s.csv"), InlineData("plot", "s.png")]
    public async Task What_the_home_keeps_is_not_overwritten(string command, string file)
    {
        using var cli = new TestCli();
        Directory.CreateDirectory(Path.Combine(cli.Home, "models", "zipcodes", "1"));
        var path = Path.Combine(cli.Home, "models", "zipcodes", "1", file);
        Assert.Equal(ExitCode.Usage, await cli.Run(command, "--model", "zipcodes", "--out", path));
        Assert.Equal($"'{file}' would lie in '{Path.Combine(cli.Home, "models")}', which FlowGrain keeps for itself; name a file elsewhere.\n", cli.Error);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_fault_on_the_way_leaves_no_file()
    {
        using var cli = new TestCli(new() { Fault = new IOException("No space left on device") });
        var path = Path.Combine(cli.Folder, "s.csv");
        Assert.Equal(ExitCode.Usage, await cli.Run("sample", "--model", "zipcodes", "-n", "2500", "--out", path));
        Assert.Equal([cli.Data], Directory.GetFiles(cli.Folder));
    }

    [Theory, InlineData("s.csv"), InlineData("s.npy")]
    public async Task A_full_disk_is_said_in_a_sentence_and_nothing_stays_there(string name)
    {
        using var disk = new SmallDisk(kilobytes: 64);
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("sample", "--model", "zipcodes", "-n", "100000", "--out", disk.In(name)));
        Assert.Equal($"The disk that holds '{disk.Path}' is full; free some space and run the same command again.\n", cli.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Theory]
    [InlineData("", "prices is conditioned on carat; add --given carat=VALUE.")]
    [InlineData("--given karat=1", "prices is not conditioned on 'karat'; did you mean carat?")]
    [InlineData("--given carat=big", "--given carat=big is not a number; write one, such as --given carat=1.5, or a date, such as 2024-01-31.")]
    public async Task A_conditional_model_needs_its_context(string given, string sentence)
    {
        using var cli = new TestCli(new() { Published = [Examples.Conditional] });
        Assert.Equal(ExitCode.Usage, await cli.Run(["sample", "--model", "prices", .. given.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Equal(sentence, cli.Error.TrimEnd());
    }

    [Theory, InlineData("3", true), InlineData("-1", true), InlineData("1.2", false)]
    public async Task A_context_beyond_the_training_rows_is_answered_with_a_warning(string carat, bool warned)
    {
        using var cli = new TestCli(new() { Published = [Examples.Conditional] });
        Assert.Equal(ExitCode.Ok, await cli.Run("sample", "--model", "prices", "--given", $"carat={carat}", "-n", "2"));
        var warning = $"warning: carat={carat} lies outside -0.4 to 2, where nearly all training rows were; what the model gives there is a guess.\n";
        Assert.Equal(warned, cli.Error.StartsWith(warning, StringComparison.Ordinal));
        Assert.Equal(warned, cli.Error.Contains("warning", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(double.NaN, 777)]
    [InlineData(double.PositiveInfinity, 777)]
    [InlineData(double.MaxValue, 0)]
    public async Task Rows_that_are_not_finite_are_counted_and_warned_of(double value, int nonFinite)
    {
        using var cli = new TestCli(new() { Drawn = number => number > 0.5 ? value : number });
        Assert.Equal(ExitCode.Ok, await cli.Run("sample", "--model", "zipcodes", "-n", "1500", "--seed", "3", "--out", Path.Combine(cli.Folder, "s.npy"), "--json"));
        Assert.Equal(nonFinite, cli.Json.GetProperty("nonFinite").GetInt64());
        Assert.Equal(nonFinite > 0, cli.Error.StartsWith($"warning: {nonFinite} of 1,500 rows have a value that is not finite", StringComparison.Ordinal));
        Assert.Equal(nonFinite == 0, cli.Error == "");
    }

    [Theory]
    [InlineData("-n 0", "-n is 0; give a whole number of at least 1.")]
    [InlineData("--out ", "--out is empty; name a file that ends in .csv, .parquet or .npy.")]
    [InlineData("--json", "--json prints on stdout, where the data would go too; add --out FILE.")]
    [InlineData("--out s.xlsx", "--out s.xlsx ends in no format that can be written; end it in .csv, .parquet or .npy.")]
    [InlineData("--out nowhere/s.csv", "--out nowhere/s.csv lies in a folder that does not exist; make it first.")]
    public async Task A_fault_is_one_sentence(string options, string sentence)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run(["sample", "--model", "zipcodes", .. options.Split(' ')]));
        Assert.StartsWith(sentence + "\n", cli.Error);
    }
}
