using FlowGrain.Cli.Output;

namespace FlowGrain.Tests.Client.Output;

public sealed class FittingTests
{
    [Theory]
    [InlineData("one two three", 13, "one two three")]
    [InlineData("one two three", 12, "one two|three")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("Label  one two three", 14, "Label  one two|       three")] // under what follows the label
    [InlineData("  one two three", 9, "  one two|  three")]
    [InlineData("/a/path/longer/than/a/line and more", 10, "/a/path/longer/than/a/line|and more")]
    [InlineData("word", 2, "word")]
    [InlineData("", 10, "")]
    public void Lines_end_between_words(string text, int width, string lines) => Assert.Equal(lines, string.Join('|', Fitting.Lines(text, width)));

    [Theory, InlineData("zipcodes", 8, "zipcodes"), InlineData("zipcodes", 7, "zipcod…"), InlineData("zipcodes", 1, "…"), InlineData("", 0, "")]
    public void A_text_that_is_cut_shows_it(string text, int width, string cut) => Assert.Equal(cut, Fitting.Cut(text, width));
}
