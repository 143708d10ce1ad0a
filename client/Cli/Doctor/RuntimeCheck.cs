using System.Runtime.InteropServices;

namespace FlowGrain.Cli.Doctor;

/// <summary>The .NET that runs this.</summary>
internal static class RuntimeCheck
{
    internal static Task<Check> Run(CancellationToken cancellation) => Task.FromResult(new Check(
        ".NET",
        CheckStatus.Ok, // an older one could not have started this program
        $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors"));
}
