using System.Reflection;

namespace FlowGrain.Cli.Doctor;

/// <summary>Whether the cluster that is named answers, with this program's version.</summary>
internal sealed class ClusterCheck(Invocation cli, Uri silo)
{
    private static readonly string Own = typeof(ClusterCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    internal async Task<Check> Run(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await cli.Connect(cancellation);
            return connection.Version == Own || connection.Version is null
                ? new("cluster", CheckStatus.Ok, $"{SiloAddress.Of(silo)} answers, version {Own}")
                : new("cluster", CheckStatus.Warn, $"{SiloAddress.Of(silo)} answers with version {connection.Version}, and this program is {Own}", "use the same version on both sides");
        }
        catch (ClusterUnreachableException unreachable)
        {
            return new("cluster", CheckStatus.Fail, unreachable.Message, $"start silos with {cli.Host.Program} up --silos 2, or correct the address");
        }
    }
}
