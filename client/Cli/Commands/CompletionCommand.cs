using System.CommandLine;
using FlowGrain.Cli.Completion;
using FlowGrain.Cli.Options;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain completion</c>.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh"];

    internal static Command Create(Cli cli)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash or zsh.", CustomParser = Value.ReadBy(Known) }.Offering(_ => Shells);
        var command = new CliCommand(
            "completion",
            "Print what makes a shell complete commands, options, and the names of runs and models.",
            "completion bash",
            "completion zsh") { shell };
        command.SetAction(parsed => Print(cli.Open(parsed), parsed.GetRequiredValue(shell)));
        return command;
    }

    private static string Known(string shell) => Shells.Contains(shell)
        ? shell
        : throw new BadInputException($"There is no completion for '{shell}'; give bash or zsh.");

    private static int Print(Invocation cli, string shell)
    {
        var script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Completion", $"flowgrain.{shell}"));
        return cli.Answer(new { shell, script }, () => cli.Print(script.TrimEnd()));
    }
}
