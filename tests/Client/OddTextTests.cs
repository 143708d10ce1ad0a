using System.CommandLine;
using FlowGrain.Cli;

namespace FlowGrain.Tests.Client;

/// <summary>Whatever a shell hands over in the place of a word is answered, never a crash.</summary>
public sealed class OddTextTests
{
    private static readonly string[] Odd = ["", " ", "\n", "a\nb", "\e[31m", "-", "--", "=", "a=", ",", "@", "@1", "..", "/", "/proc/self/mem", "~", "'", "\"", "$(x)", "💥", "%00", new string('x', 5000)];

    public static TheoryData<string> Commands => [.. Below(CommandLine.CreateRoot(new(null!, new())), "").Select(pair => pair.Path)];

    [Theory, MemberData(nameof(Commands))]
    public async Task Every_argument_and_every_option_takes_odd_text_without_a_crash(string path)
    {
        var root = CommandLine.CreateRoot(new(null!, new()));
        var command = Below(root, "").Single(pair => pair.Path == path).Command;
        var options = command.Options.Concat(new GlobalOptions().All).Where(option => option.ValueType != typeof(bool)).ToArray();
        foreach (var odd in Odd)
        {
            foreach (var option in options) await Answered(path, [.. command.Arguments.Select(_ => "x"), option.Name, odd]);
            if (command.Arguments.Count > 0) await Answered(path, [.. command.Arguments.Select(_ => odd)]);
        }

        foreach (var option in options) await Answered(path, [option.Name]);
    }

    private static async Task Answered(string path, string[] words)
    {
        using var cli = new TestCli();
        var code = await cli.Run([.. path.Split(' '), .. words]);
        var answer = $"{path} {string.Join(' ', words.Select(word => $"'{word}'"))} exits {code}: {cli.Error}";
        Assert.True(code is ExitCode.Ok or ExitCode.Usage, answer);
        Assert.False(cli.Error.Contains("   at ", StringComparison.Ordinal), answer);
    }

    private static IEnumerable<(string Path, Command Command)> Below(Command command, string before) => command.Subcommands
        .SelectMany(sub => Below(sub, $"{before}{sub.Name} ").Prepend(($"{before}{sub.Name}", sub)));
}
