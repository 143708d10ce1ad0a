using System.CommandLine;
using FlowGrain.Cli.Completion;
using FlowGrain.Cli.Help;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain help</c>.</summary>
internal static class HelpCommand
{
    internal static Command Create(Cli cli)
    {
        var topic = new Argument<string?>("TOPIC") { Description = $"A command, or {string.Join(", ", Topics.All.Keys)}.", Arity = ArgumentArity.ZeroOrOne }.Offering(_ => [.. CommandLine.CreateRoot(cli).Subcommands.Select(command => command.Name), .. Topics.All.Keys]);
        var command = new CliCommand("help", "Explain a command or a topic.", "help train", "help exit-codes") { topic };
        command.SetAction(parsed => Explain(cli, cli.Open(parsed), parsed.GetValue(topic)));
        return command;
    }

    private static int Explain(Cli cli, Invocation call, string? name)
    {
        if (name is not null && Topics.All.TryGetValue(name, out var topic)) return call.Answer(topic, () => Print(call, topic));
        var root = CommandLine.CreateRoot(cli);
        var commands = root.Subcommands.Select(command => command.Name).ToArray();
        if (name is not null && !commands.Contains(name))
            throw new BadInputException($"There is no help on '{name}'{Nearest.Hint(name, commands.Concat(Topics.All.Keys), $"; there is on {string.Join(", ", Topics.All.Keys)} and every command.")}");
        return root.Parse(name is null ? ["--help"] : [name, "--help"]).Invoke(new() { Output = call.Host.Out, Error = call.Host.Error });
    }

    private static void Print(Invocation call, IReadOnlyDictionary<string, string> topic)
    {
        var width = topic.Keys.Max(key => key.Length);
        foreach (var (key, meaning) in topic) call.Print($"{key.PadRight(width)}  {meaning}");
    }
}
