using FlowGrain.Client;

namespace FlowGrain.Tests.Client;

public sealed class ModelReferenceTests
{
    [Theory]
    [InlineData("zipcodes", "zipcodes", null)]
    [InlineData("zipcodes@12", "zipcodes", 12)]
    public void A_name_may_carry_a_version(string text, string name, int? version) => Assert.Equal(new(name, version), ModelReference.Parse(text));

    [Theory, InlineData(""), InlineData("@1"), InlineData("a@"), InlineData("a@0"), InlineData("a@best"), InlineData("../a"), InlineData("a@12345678901"), InlineData("a\n"), InlineData("a@1\n"), InlineData("a@+1"), InlineData("a@1@2"), InlineData(".a")]
    public void Anything_else_is_refused_with_an_example(string text) =>
        Assert.Contains("NAME@VERSION", Assert.Throws<BadInputException>(() => ModelReference.Parse(text)).Message);
}
