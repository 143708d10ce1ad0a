using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FlowGrain.Cli.Help;

/// <summary>Help that begins with examples.</summary>
internal sealed class ExampleHelp(HelpAction inner) : SynchronousCommandLineAction
{
    private static readonly string[] RootExamples =
    [
        "quickstart                                    train on real data, see the density",
        "train your.csv --name mine                    learn your own table",
        "score new.csv --model mine --out scores.csv   the log-density of every row",
    ];

    internal static void Install(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
    }

    /// <inheritdoc />
    public override int Invoke(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in Examples(parsed.CommandResult.Command)) output.WriteLine($"  flowgrain {example}");
        output.WriteLine();
        return inner.Invoke(parsed);
    }

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    private static IReadOnlyList<string> Examples(Command command) =>
        command is ExampleCommand { Examples: var examples } ? examples : RootExamples;
}
