using FlowGrain.Cli.Rendering;

namespace FlowGrain.Tests.Client.Rendering;

public sealed class PictureTextTests
{
    private const float Size = 13;

    [Fact]
    public void A_text_that_does_not_fit_is_cut_to_what_does()
    {
        var cut = PictureText.Cut("a_rather_long_column_name", room: 100, Size);
        Assert.EndsWith("…", cut);
        Assert.InRange(PictureText.Width(cut, Size), 80, 100);
        Assert.Equal("short", PictureText.Cut("short", room: 100, Size));
    }

    [Fact]
    public void Words_go_to_as_many_lines_as_they_need()
    {
        var lines = PictureText.Lines("prices@1 (nsf) given carat=1: validation NLL 8.296 nats per row", room: 150, Size);
        Assert.Equal("prices@1 (nsf) given carat=1: validation NLL 8.296 nats per row", string.Join(' ', lines));
        Assert.InRange(lines.Length, 3, 5);
        Assert.All(lines, line => Assert.InRange(PictureText.Width(line, Size), 1, 150));
    }

    [Theory]
    [InlineData(-0.0, "0")]
    [InlineData(20_000, "20,000")]
    [InlineData(1000.5, "1,000.5")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(0.00025, "0.00025")]
    [InlineData(-3e7, "-3e+7")]
    [InlineData(2e-6, "2e-6")]
    public void A_mark_has_the_digits_that_tell_it_from_its_neighbours(double value, string label) => Assert.Equal(label, Ticks.Label(value));

    [Fact]
    public void Marks_and_ends_of_a_column_of_dates_are_dates()
    {
        var axis = new Axis("day", 18_262.3, 19_162.8, IsDate: true); // the beginning of 2020 to June 2022
        Assert.Equal(("2020-01-01", "2022-06-19"), (axis.Figure(axis.Low), axis.Figure(axis.High)));
        Assert.Equal(["2020-08-26", "2022-01-08"], Ticks.Few(axis, pixels: 200, beyond: 7, label => PictureText.Width(label, 12)).Select(tick => tick.Label));
        Assert.Equal("2020-01-01T12:00:00Z", axis.Mark(18_262.5));
    }

    [Theory]
    [InlineData(-1180, 20_034)]
    [InlineData(996.5, 1003.8)]
    [InlineData(-399_000, 399_000)]
    [InlineData(0.1, 0.12)]
    public void Marks_neither_touch_nor_reach_far_beyond_their_axis(double low, double high)
    {
        var ticks = Ticks.Few(new("x", low, high), pixels: 200, beyond: 7, label => PictureText.Width(label, 12));
        double[] places = [.. ticks.Select(tick => (tick.Value - low) / (high - low) * 200)];
        double[] halves = [.. ticks.Select(tick => PictureText.Width(tick.Label, 12) / 2.0)];
        Assert.InRange(ticks.Count, 2, 6);
        Assert.All(Enumerable.Range(0, ticks.Count), i => Assert.InRange(places[i], halves[i] - 7, 207 - halves[i]));
        Assert.All(Enumerable.Range(1, ticks.Count - 1), i => Assert.True(places[i] - halves[i] > places[i - 1] + halves[i - 1] + 6));
    }
}
