using System.CommandLine;
using FlowGrain.Cli;
using FlowGrain.Cli.Commands;

namespace FlowGrain.Tests.Client.Commands;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. Paths(CommandLine.CreateRoot(new(null!, new())), "")];

    [Theory, MemberData(nameof(Commands))]
    public async Task Help_begins_with_examples(string command)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run([.. command.Split(' '), "--help"]));
        Assert.StartsWith($"Examples:\n  flowgrain {command}", cli.Out);
    }

    [Theory, MemberData(nameof(Commands))]
    public void Every_command_has_one_to_three_examples_that_parse(string command)
    {
        var root = CommandLine.CreateRoot(new(null!, new()));
        var examples = ((CliCommand)root.Parse(command.Split(' ')).CommandResult.Command).Examples;
        Assert.InRange(examples.Count, 1, 3);
        // The files of the examples do not exist here; nothing else may be wrong.
        Assert.All(examples, example => Assert.DoesNotContain(UsageFaults.Of(root.Parse(example.Split(' '))), fault => !fault.Contains(".csv' is not in '", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Help_shows_defaults()
    {
        using var cli = new TestCli();
        await cli.Run("train", "--help");
        Assert.All(["[default: nsf]", "[default: 512]", "[default: 8]", "[default: 0.1]"], text => Assert.Contains(text, cli.Out));
    }

    [Fact]
    public async Task A_home_that_is_empty_is_not_taken_for_the_default()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await CommandLine.Run(["runs", "--home", ""], cli.Host()));
        Assert.StartsWith("--home is empty; name a folder.", cli.Error);
    }

    [Fact]
    public async Task Exit_codes_are_explained()
    {
        using var cli = new TestCli();
        await cli.Run("help", "exit-codes");
        Assert.Equal(["0    done", "1    failed"], cli.Out.Split('\n')[..2]);
        Assert.Contains("130  interrupted by Ctrl+C or SIGTERM", cli.Out);
    }

    [Fact]
    public async Task A_mistyped_command_is_answered_with_the_nearest()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("trian"));
        Assert.StartsWith("There is no command 'trian'; did you mean train?", cli.Error);
        Assert.Empty(cli.Out);
    }

    [Theory]
    [InlineData("dat inspect", "There is no command 'dat'; did you mean data?\nSee flowgrain --help.\n")]
    [InlineData("dat inspect --help", "There is no command 'dat'; did you mean data?\nSee flowgrain --help.\n")]
    [InlineData("trian your.csv --epochs 3", "There is no command 'trian'; did you mean train?\nSee flowgrain --help.\n")]
    [InlineData("runs shw mine -h", "There is no command 'shw'; did you mean show?\nSee flowgrain runs --help.\n")]
    public async Task What_follows_an_unknown_command_is_not_judged(string line, string answer)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run(line.Split(' ')));
        Assert.Equal(answer, cli.Error);
        Assert.Empty(cli.Out);
    }

    [Fact]
    public async Task Help_forgives_a_line_that_is_not_finished()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("train", "--steps", "0", "--help"));
        Assert.Equal(ExitCode.Ok, await cli.Run("score", "no-such.csv", "--help"));
    }

    private static IEnumerable<string> Paths(Command command, string before) => command.Subcommands.SelectMany(sub =>
        Paths(sub, $"{before}{sub.Name} ").Prepend($"{before}{sub.Name}"));
}
