using FlowGrain.Client;

namespace FlowGrain.Tests.Client;

public sealed class ModelReferenceTests
{
    [Theory]
    [InlineData("zipcodes", "zipcodes", null)]
    [InlineData("zipcodes@12", "zipcodes", 12)]
    public void A_name_may_carry_a_version(string text, string name, int? version) => Assert.Equal(new(name, version), ModelReference.Parse(text));

    [Fact]
    public void A_name_may_carry_an_alias()
    {
        Assert.Equal(new("zipcodes", null, "champion"), ModelReference.Parse("zipcodes@champion"));
        Assert.Equal("zipcodes@champion", $"{ModelReference.Parse("zipcodes@champion")}");
        Assert.Contains("give its number", Assert.Throws<BadInputException>(() => ModelReference.Parse("zipcodes@champion").RequireNumber()).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("a@be st"), InlineData("a@-b"), InlineData("@1"), InlineData("a@"), InlineData("a@0"), InlineData("../a"), InlineData("a@12345678901"), InlineData("a\n"), InlineData("a@1\n"), InlineData("a@+1"), InlineData("a@1@2"), InlineData(".a")]
    public void Anything_else_is_refused_with_an_example(string text) =>
        Assert.Contains("NAME@VERSION", Assert.Throws<BadInputException>(() => ModelReference.Parse(text)).Message);
}
