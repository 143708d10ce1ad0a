using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using FlowGrain.Cli.Commands;
using FlowGrain.Cli.Help;

namespace FlowGrain.Cli;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    internal static async Task<int> Run(string[] args, CliHost host)
    {
        using var command = Begin(args);
        var options = new GlobalOptions();
        try
        {
            var parsed = CreateRoot(new Cli(host, options)).Parse(args);
            var faults = UsageFaults.Of(parsed).ToArray();
            return faults.Length > 0 && !AsksForHelp(parsed) && !IsCompletion(parsed)
                ? Refuse(faults, parsed, host, Has(options.Json))
                : await parsed.InvokeAsync(Configuration(host), host.Interrupts.Requested);
        }
        catch (Exception error)
        {
            return Faults.Report(error, host, Has(options.Json), Has(options.Verbose));
        }

        bool Has(Option option) => args.Contains(option.Name); // the parser itself may have failed
    }

    /// <summary>The root of the trace that every question of a command is in: over HTTP it goes as traceparent, to the grains of a silo inside with their calls.</summary>
    private static Activity Begin(string[] args) =>
        new Activity("flowgrain.command") { ActivityTraceFlags = ActivityTraceFlags.Recorded, DisplayName = $"flowgrain {args.FirstOrDefault(arg => !arg.StartsWith('-'))}" }.SetIdFormat(ActivityIdFormat.W3C).Start();

    internal static RootCommand CreateRoot(Cli cli)
    {
        var root = new RootCommand("Normalizing flows on large tables: exact densities, samples and anomaly scores.")
        {
            QuickstartCommand.Create(cli), TrainCommand.Create(cli), ScoreCommand.Create(cli), SampleCommand.Create(cli),
            DetectCommand.Create(cli), EvaluateCommand.Create(cli), PlotCommand.Create(cli), VerifyCommand.Create(cli), RunsCommand.Create(cli), ModelsCommand.Create(cli),
            DataCommand.Create(cli), ClusterCommand.Create(cli), UpCommand.Create(cli), DoctorCommand.Create(cli), CompletionCommand.Create(cli), HelpCommand.Create(cli),
        };
        foreach (var option in cli.Options.All) root.Options.Add(option);
        VersionAnswer.Install(root);
        root.SetAction(ExampleHelp.Install(root, cli.Options).Invoke);
        return root;
    }

    // Help forgives a line that is not finished, but there is none on a command that does not exist.
    private static bool AsksForHelp(ParseResult parsed) => parsed.Action is ExampleHelp && !UsageFaults.HasUnknownCommand(parsed);

    // What is being typed has faults, or there would be nothing to complete.
    private static bool IsCompletion(ParseResult parsed) => parsed.Tokens is [{ Type: TokenType.Directive }, ..];

    private static int Refuse(string[] faults, ParseResult parsed, CliHost host, bool json)
    {
        Faults.Say(string.Join('\n', faults), ExitCode.Usage, host, json);
        host.Error.WriteLine($"See {host.Program} {UsageFaults.CommandPath(parsed)}--help.");
        return ExitCode.Usage;
    }

    private static InvocationConfiguration Configuration(CliHost host) => new()
    {
        Output = host.Out,
        Error = host.Error,
        EnableDefaultExceptionHandler = false, // it would hide which exit code an exception deserves
        ProcessTerminationTimeout = null, // Ctrl+C is ours
    };
}
