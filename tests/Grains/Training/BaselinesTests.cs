using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class BaselinesTests
{
    [Fact]
    public async Task The_test_reads_the_rows_that_were_trained_on_and_not_what_became_of_their_file()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var plan = embedded.Plan(steps: 5) with { TestFraction = 0.2 };
        await embedded.Train("m", plan);
        var before = await Test(embedded);
        Assert.NotNull(before.KdeNll);
        File.WriteAllLines(plan.Data.Path, File.ReadLines(plan.Data.Path).Take(300).ToArray());
        Assert.Equal(before, await Test(embedded));
        File.Delete(plan.Data.Path);
        Assert.Equal(before, await Test(embedded));
    }

    private static Task<TestReport> Test(EmbeddedFixture embedded) => embedded.Run("m").Test(TestContext.Current.CancellationToken);
}
