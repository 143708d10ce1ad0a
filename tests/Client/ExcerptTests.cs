namespace FlowGrain.Tests.Client;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData(64, 64, "")]
    [InlineData(65, 64, "…")]
    public void A_text_keeps_as_many_characters_as_a_name_may_have(int length, int kept, string end) =>
        Assert.Equal(new string('n', kept) + end, Excerpt.Of(new string('n', length)));

    [Fact]
    public void No_letter_is_cut_in_two() => Assert.Equal(new string('n', 63) + "…", Excerpt.Of(new string('n', 63) + "𝄞" + "more"));

    [Theory]
    [InlineData(2, "[1, 2]")]
    [InlineData(8, "[1, 2, 3, 4, 5, 6, 7, 8]")]
    [InlineData(9, "[1, 2, 3, 4, 5, 6, 7, 8, …]")]
    public void A_shape_keeps_eight_sizes(int sizes, string words) => Assert.Equal(words, Excerpt.Of([.. Enumerable.Range(1, sizes).Select(size => (long)size)]));
}
