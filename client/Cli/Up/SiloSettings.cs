using System.Collections.Immutable;

namespace FlowGrain.Cli.Up;

/// <summary>One silo of <c>up</c>.</summary>
/// <param name="Home">Its Storage:Root.</param>
/// <param name="Slots">Its worker slots, unless the environment says how many.</param>
/// <param name="Redis">The port of its Redis; null where it is alone.</param>
/// <param name="Ports">Three of its own: between silos, for Orleans clients, for HTTP.</param>
internal sealed record SiloSettings(string Home, int Slots, int? Redis, ImmutableArray<int> Ports)
{
    private const string SlotsVariable = "Devices__Cpu";

    /// <summary>Where its API answers.</summary>
    internal string Url => $"http://127.0.0.1:{Ports[2]}";

    /// <summary>What starts it.</summary>
    internal string[] Command(Func<string, string?> variable) =>
    [
        Programs.Dotnet, Path.Combine(AppContext.BaseDirectory, "FlowGrain.Silo.dll"),
        $"--Storage:Root={Home}", $"--Silo:Port={Ports[0]}", $"--Silo:GatewayPort={Ports[1]}", $"--Http:Urls={Url}",
        .. Redis is { } port ? [$"--Cluster:Provider=redis", $"--Cluster:ConnectionString=127.0.0.1:{port}"] : Array.Empty<string>(),
        .. variable(SlotsVariable) is { Length: > 0 } ? Array.Empty<string>() : [$"--Devices:Cpu={Slots}"],
    ];
}
