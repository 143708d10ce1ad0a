using FlowGrain.Cli.Output;

namespace FlowGrain.Tests.Client.Output;

public sealed class TextTableTests
{
    private static readonly string[] Row = ["a-run-with-a-long-name@1", "finished", "nsf", "12,000/12,000", "2026-11-25 18:42"];

    [Theory]
    [InlineData(int.MaxValue, "")]
    [InlineData(87, "")]
    [InlineData(80, "")] // the name is cut first
    [InlineData(70, "preset")]
    [InlineData(55, "preset, started (UTC)")]
    [InlineData(10, "preset, started (UTC)")]
    public void Columns_leave_a_narrow_screen_in_their_turn(int room, string missing)
    {
        var table = Runs();
        Assert.Equal(missing, string.Join(", ", table.Missing(table.Fit(room))));
    }

    [Theory, InlineData(160), InlineData(80), InlineData(70), InlineData(55)]
    public void No_line_is_longer_than_the_screen_and_no_number_or_date_is_split(int room)
    {
        var lines = Drawn(Runs(), room);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, room));
        Assert.Contains(lines, line => line.Contains(" 12,000/12,000 ", StringComparison.Ordinal) && line.Contains(" finished ", StringComparison.Ordinal));
        Assert.Equal(room > 55, lines.Any(line => line.Contains("2026-11-25 18:42", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_header_over_numbers_is_cut_and_they_are_not()
    {
        var table = new TextTable(TextColumn.Number("a_very_long_name_of_a_column", least: 10));
        table.Add("-1234567.891234");
        Assert.Contains("  a_very_long_na…  ", Drawn(table, 10)[1]);
        Assert.Contains("  -1234567.891234  ", Drawn(table, 10)[3]);
    }

    [Fact]
    public async Task A_table_on_a_screen_says_which_columns_had_no_room()
    {
        using var cli = new TestCli(new() { Published = [Examples.Wide], Scores = Examples.WideScores }, new(OutIsTerminal: true, ErrorIsTerminal: true, Width: 40, Height: 40, ColorDepth.None));
        await cli.Run("score", cli.Data, "--model", "wide");
        Assert.Equal("40 characters have no room for c, d;\n--json has all.\n", cli.Error.Split('\r')[^1]);
    }

    private static TextTable Runs()
    {
        var table = new TextTable(TextColumn.Text("run", least: 12), new("phase"), new("preset", Leaves: 1), TextColumn.Number("steps"), new("started (UTC)", Leaves: 2));
        table.Add(Row);
        return table;
    }

    private static string[] Drawn(TextTable table, int room)
    {
        using var text = new StringWriter();
        var fit = table.Fit(room);
        Consoles.For(text, isTerminal: false, new(OutIsTerminal: false, ErrorIsTerminal: false, fit.Total, Height: 40, ColorDepth.None)).Write(table.Draw(fit));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
