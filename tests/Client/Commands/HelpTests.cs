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

    [Theory, InlineData("runs show", "<RUN[@VERSION]>"), InlineData("models show", "<MODEL>"), InlineData("help", "[<TOPIC>...]"), InlineData("completion", "<SHELL>")]
    public async Task An_argument_is_called_by_its_name_whatever_could_be_offered_for_it(string command, string name)
    {
        using var cli = new TestCli();
        foreach (var folder in (string[])["runs/mine", "models/mine/1"]) Directory.CreateDirectory(Path.Combine(cli.Home, folder));
        await cli.Run([.. command.Split(' '), "--help"]);
        Assert.Contains($" {command} {name} [options]", cli.Out);
        Assert.Contains($"\nArguments:\n  {name.Trim('[', ']').Replace("...", "")}  ", cli.Out);
    }

    [Fact]
    public async Task A_default_is_told_once()
    {
        using var cli = new TestCli();
        await cli.Run("runs", "wait", "--help");
        Assert.Equal(2, cli.Out.Split("inished]").Length);
    }

    [Fact]
    public async Task Exit_codes_are_explained()
    {
        using var cli = new TestCli();
        await cli.Run("help", "exit-codes");
        Assert.Equal(["0    done", "1    failed"], cli.Out.Split('\n')[..2]);
        Assert.Contains("130  interrupted by Ctrl+C or SIGTERM", cli.Out);
    }

    [Theory]
    [InlineData("help data inspect", "Examples:\n  flowgrain data inspect your.csv")]
    [InlineData("help runs", "Examples:\n  flowgrain runs")]
    [InlineData("help", "Examples:\n  flowgrain quickstart")]
    [InlineData("help environment", "FLOWGRAIN_HOME     folder")]
    public async Task Help_takes_the_path_of_a_command_or_a_topic(string line, string begins)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run(line.Split(' ')));
        Assert.StartsWith(begins, cli.Out);
    }

    [Theory]
    [InlineData("help data inspct", "There is no help on 'data inspct'; did you mean data inspect?")]
    [InlineData("help trian", "There is no help on 'trian'; did you mean train?")]
    [InlineData("help train now", "There is no help on 'train now', only on 'train'.")]
    [InlineData("help data x", "There is no help on 'data x'; there is on inspect, list, show, delete.")]
    public async Task Help_on_nothing_is_answered_with_what_there_is(string line, string sentence)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run(line.Split(' ')));
        Assert.Equal(sentence, cli.Error.TrimEnd());
    }

    [Theory, InlineData("help train --json"), InlineData("train --help --json")]
    public async Task Help_for_programs_is_one_object(string line)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run(line.Split(' ')));
        Assert.Equal("train", cli.Json.GetProperty("command").GetString());
        var batch = cli.Json.GetProperty("options").EnumerateArray().Single(option => option.GetProperty("name").GetString() == "--batch");
        Assert.Equal(("N", "512"), (batch.GetProperty("value").GetString(), batch.GetProperty("default").GetString()));
    }

    [Fact]
    public async Task Help_on_the_program_lists_its_commands()
    {
        using var cli = new TestCli();
        await cli.Run("help", "--json");
        Assert.Contains("train", cli.Json.GetProperty("commands").EnumerateArray().Select(command => command.GetString()));
        Assert.Contains("--home", cli.Json.GetProperty("options").EnumerateArray().Select(option => option.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_environment_has_the_variables_of_the_docs()
    {
        using var cli = new TestCli();
        await cli.Run("help", "environment");
        Assert.All(["FLOWGRAIN_HOME", "NO_COLOR", "COLORTERM", "Devices__Cpu"], name => Assert.Contains($"\n{name} ", $"\n{cli.Out}"));
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
    [InlineData("models pricess", "There is no command 'pricess'; did you mean models show pricess?\nSee flowgrain models --help.\n")]
    [InlineData("models prests", "There is no command 'prests'; did you mean presets?\nSee flowgrain models --help.\n")]
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
