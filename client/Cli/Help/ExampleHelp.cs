using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FlowGrain.Cli.Commands;
using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Help;

/// <summary>Help that begins with examples; with <c>--json</c> the command's <see cref="Manual"/>.</summary>
internal sealed class ExampleHelp(HelpAction inner, Option<bool> json) : SynchronousCommandLineAction
{
    private static readonly string[] RootExamples =
    [
        "quickstart                                    train on real data, see the density",
        "train your.csv --name mine                    learn your own table",
        "score new.csv --model mine --out scores.csv   the log-density of every row",
    ];

    /// <summary>Takes the place of the help of every command.</summary>
    internal static ExampleHelp Install(RootCommand root, GlobalOptions options)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        var help = new ExampleHelp((HelpAction)option.Action!, options.Json);
        option.Action = help;
        return help;
    }

    /// <inheritdoc />
    public override int Invoke(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (!parsed.GetValue(json)) return Explain(parsed, output);
        output.WriteLine(JsonLine.Of(Manual.Of(UsageFaults.CommandPath(parsed).TrimEnd(), parsed.CommandResult.Command)));
        return ExitCode.Ok;
    }

    /// <summary>The examples of a command.</summary>
    internal static IReadOnlyList<string> Examples(Command command) =>
        command is CliCommand { Examples: var examples } ? examples : RootExamples;

    private int Explain(ParseResult parsed, TextWriter output)
    {
        output.WriteLine("Examples:");
        foreach (var example in Examples(parsed.CommandResult.Command)) output.WriteLine($"  flowgrain {example}");
        output.WriteLine();
        return inner.Invoke(parsed);
    }

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;
}
