using FlowGrain.Silo;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains;

public sealed class HomeTests
{
    [Theory, InlineData("file"), InlineData("file/below/it")]
    public async Task A_file_in_the_place_of_the_home_is_refused_at_the_start(string home)
    {
        using var folder = new TempFolder();
        folder.Write("file", "");
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => EmbeddedCluster.Start(folder.In(home), [], TestContext.Current.CancellationToken));
        Assert.Equal(
            $"The home '{folder.In(home)}' cannot be a folder, because '{folder.In("file")}' is a file; name another with --home, FLOWGRAIN_HOME or Storage:Root.",
            Assert.Single(refused.Failures));
    }
}
