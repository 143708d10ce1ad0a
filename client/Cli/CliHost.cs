using FlowGrain.Cli.Doctor;
using FlowGrain.Cli.Output;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Cli;

/// <summary>What a command gets from its process; tests bring their own.</summary>
/// <param name="Out">Data.</param>
/// <param name="Error">Talk.</param>
/// <param name="Terminal">What the two are connected to.</param>
/// <param name="Variable">Reads an environment variable.</param>
/// <param name="Connect">Opens the cluster whose state lies in a home folder; it logs where it is told.</param>
/// <param name="Reach">Connects to the cluster of a silo's address, with a key or without; says where it is told that it waits for the silo.</param>
/// <param name="Checks">What <c>doctor</c> looks at, given the home folder, or null where no command works in one.</param>
/// <param name="Clock">Measures durations.</param>
/// <param name="Interrupts">Ctrl+C and SIGTERM.</param>
internal sealed record CliHost(
    TextWriter Out,
    TextWriter Error,
    Terminal Terminal,
    Func<string, string?> Variable,
    Func<string, Action<ILoggingBuilder>, CancellationToken, Task<ClusterConnection>> Connect,
    Func<Uri, string?, Action<string>, CancellationToken, Task<ClusterConnection>> Reach,
    Func<string?, IReadOnlyList<Func<CancellationToken, Task<Check>>>> Checks,
    TimeProvider Clock,
    Interrupts Interrupts)
{
    /// <summary>The program as its user typed it, so that a suggested command can be pasted.</summary>
    internal string Program => Variable("FLOWGRAIN_PROGRAM") is { Length: > 0 } program ? program : "flowgrain";

    internal static CliHost OfThisProcess(Interrupts interrupts) => new(
        Stdout.Open(),
        Console.Error,
        Terminal.OfThisProcess(),
        Environment.GetEnvironmentVariable,
        ClusterConnection.Embedded,
        ClusterConnection.Reach,
        home => DoctorChecks.All(home),
        TimeProvider.System,
        interrupts);
}
