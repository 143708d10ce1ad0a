using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RunNameTests
{
    [Theory, InlineData("zipcodes"), InlineData("a"), InlineData("7"), InlineData("a.b_c-d")]
    public void A_plain_name_can_be_used(string name) => Assert.Equal(name, RunName.Require(name));

    [Theory, InlineData(""), InlineData("a\n"), InlineData("-a"), InlineData(".."), InlineData("a/b"), InlineData("a b"), InlineData("é"), InlineData("a\0")]
    public void Anything_else_is_refused_with_the_rule(string name) =>
        Assert.Contains("take 1 to 64 letters, digits", Assert.Throws<BadInputException>(() => RunName.Require(name)).Message);

    [Fact]
    public void Sixty_four_letters_are_enough()
    {
        Assert.True(RunName.IsAllowed(new string('a', 64)));
        Assert.False(RunName.IsAllowed(new string('a', 65)));
        Assert.True(RunName.IsAllowed(RunName.FromFile(new string('a', 200) + ".csv")));
    }
}
