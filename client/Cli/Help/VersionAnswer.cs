using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Help;

/// <summary>What <c>--version</c> prints.</summary>
internal sealed class VersionAnswer : SynchronousCommandLineAction
{
    /// <summary>Takes the place of the parser's own.</summary>
    internal static void Install(RootCommand root) => root.Options.OfType<VersionOption>().Single().Action = new VersionAnswer();

    /// <inheritdoc />
    public override int Invoke(ParseResult parsed)
    {
        var version = typeof(VersionAnswer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        parsed.InvocationConfiguration.Output.WriteLine(Versions.Short(version));
        return ExitCode.Ok;
    }
}
