using FlowGrain.Bench;

namespace FlowGrain.Tests.Bench;

public sealed class EngineOptions
{
    [Theory]
    [InlineData("", true)]
    [InlineData("--json", true)]
    [InlineData("--config maf-6 --json", true)]
    [InlineData("--help", false)]
    [InlineData("--config", false)]
    [InlineData("--confg maf-6", false)]
    public void An_option_that_is_not_known_measures_nothing(string options, bool taken) =>
        Assert.Equal(taken, EngineSpeed.Takes(options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
