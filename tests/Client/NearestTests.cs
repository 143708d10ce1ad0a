namespace FlowGrain.Tests.Client;

public sealed class NearestTests
{
    [Theory]
    [InlineData("trian", "train")]
    [InlineData("--stepz", "--steps")]
    [InlineData("BB", "bb")]
    [InlineData("x", null)] // half of a short name has to be right
    [InlineData("no", null)]
    public void It_is_the_one_with_the_fewest_edits_unless_that_would_be_a_guess(string typed, string? meant) =>
        Assert.Equal(meant, Nearest.To(typed, ["train", "sample", "--steps", "bb", "y"]));

    [Fact]
    public void Of_equally_near_ones_it_is_always_the_same() =>
        Assert.Equal(("mine", "mine"), (Nearest.To("mind", ["mint", "mine"]), Nearest.To("mind", ["mine", "mint"])));
}
