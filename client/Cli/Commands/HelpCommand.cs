using System.CommandLine;
using FlowGrain.Cli.Completion;
using FlowGrain.Cli.Help;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain help</c>.</summary>
internal static class HelpCommand
{
    internal static Command Create(Cli cli)
    {
        var topic = new Argument<string[]>("TOPIC") { Description = $"A command, or {string.Join(", ", Topics.All.Keys)}.", Arity = ArgumentArity.ZeroOrMore }.Offering(_ => [.. CommandLine.CreateRoot(cli).Subcommands.Select(command => command.Name), .. Topics.All.Keys]);
        var command = new CliCommand("help", "Explain a command or a topic.", "help train", "help data inspect", "help exit-codes") { topic };
        command.SetAction(parsed => Explain(cli, cli.Open(parsed), parsed.GetValue(topic) ?? []));
        return command;
    }

    private static int Explain(Cli cli, Invocation call, string[] words)
    {
        if (words is [var name] && Topics.All.TryGetValue(name, out var topic)) return call.Answer(topic, () => Print(call, topic));
        var root = CommandLine.CreateRoot(cli);
        Require(root, words);
        string[] json = call.Json ? [cli.Options.Json.Name] : [];
        return root.Parse([.. words, "--help", .. json]).Invoke(new() { Output = call.Host.Out, Error = call.Host.Error });
    }

    // Every word must be a command of the one before.
    private static void Require(Command command, string[] words)
    {
        for (var at = 0; at < words.Length; at++)
        {
            var names = command.Subcommands.Select(sub => sub.Name).Concat(at == 0 ? Topics.All.Keys : []).ToArray();
            command = command.Subcommands.FirstOrDefault(sub => sub.Name == words[at]) ?? throw Unknown(words[..(at + 1)], names);
        }
    }

    private static BadInputException Unknown(string[] words, string[] names)
    {
        var before = string.Concat(words[..^1].Select(word => $"{word} "));
        return new($"There is no help on '{string.Join(' ', words)}'" + (Nearest.To(words[^1], names) is { } near
            ? $"; did you mean {before}{near}?"
            : names.Length == 0 ? $", only on '{before.Trim()}'." : $"; there is on {string.Join(", ", names)}."));
    }

    private static void Print(Invocation call, IReadOnlyDictionary<string, string> topic)
    {
        var width = topic.Keys.Max(key => key.Length);
        foreach (var (key, meaning) in topic) call.PrintWords($"{key.PadRight(width)}  {meaning}");
    }
}
