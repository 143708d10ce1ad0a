namespace FlowGrain.Tests.Client;

public sealed class NearestTests
{
    [Theory]
    [InlineData("trian", "train")]
    [InlineData("--stepz", "--steps")]
    [InlineData("BB", "bb")]
    [InlineData("nfs", "nsf")] // neighbours that were swapped
    [InlineData("x", null)] // half of a short name has to be right
    [InlineData("no", null)]
    public void It_is_the_one_with_the_fewest_edits_unless_that_would_be_a_guess(string typed, string? meant) =>
        Assert.Equal(meant, Nearest.To(typed, ["train", "sample", "--steps", "bb", "y", "nsf"]));

    [Theory]
    [InlineData("abcdef", "abcdfe", "abcdfe")] // the swap of a row but two
    [InlineData("kitten", "sitting", null)]
    [InlineData("champions", "champion", "champion")]
    public void Rows_of_edits_are_told_apart(string typed, string name, string? meant) => Assert.Equal(meant, Nearest.To(typed, [name]));

    [Fact]
    public void A_text_of_millions_of_characters_costs_nothing()
    {
        var typed = new string('x', 4_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Nearest.To(typed, ["train", "sample"]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Of_equally_near_ones_it_is_always_the_same() =>
        Assert.Equal(("mine", "mine"), (Nearest.To("mind", ["mint", "mine"]), Nearest.To("mind", ["mine", "mint"])));
}
