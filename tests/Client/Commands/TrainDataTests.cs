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
    public async Task A_folder_is_answered_with_a_data_file_in_it()
    {
        using var cli = new TestCli();
        cli.Write("README.md", "words");
        await cli.Run("train", cli.Folder);
        Assert.Contains($"'{cli.Folder}' is a folder, and folders cannot be read as one data set yet; name one of its files, such as '{cli.Data}'.", cli.Error);
    }
}
