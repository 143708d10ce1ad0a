using FlowGrain.Cli;

namespace FlowGrain.Tests.Client.Commands;

/// <summary>What <c>train</c> says of a path that leads to no table.</summary>
public sealed class TrainDataTests
{
    [Fact]
    public async Task A_missing_file_is_named_with_its_nearest_sibling()
    {
        using var cli = new TestCli();
        var wrong = Path.Combine(cli.Folder, "yuor.csv");
        Assert.Equal(ExitCode.Usage, await cli.Run("train", wrong));
        Assert.Contains($"'yuor.csv' is not in '{cli.Folder}'; did you mean your.csv?", cli.Error);
    }

    [Fact]
    public async Task A_missing_file_that_resembles_none_gets_no_guess()
    {
        using var cli = new TestCli();
        await cli.Run("train", Path.Combine(cli.Folder, "no.csv"));
        Assert.Contains($"'no.csv' is not in '{cli.Folder}'; check the path.", cli.Error);
    }

    [Fact]
    public async Task A_folder_without_a_data_file_is_refused()
    {
        using var cli = new TestCli();
        Directory.CreateDirectory(Path.Combine(cli.Folder, "empty"));
        Assert.Equal(2, await cli.Run("train", Path.Combine(cli.Folder, "empty")));
        Assert.Contains($"'{Path.Combine(cli.Folder, "empty")}' is a folder without a data file", cli.Error);
    }
}
