using System.Globalization;
using System.Text.Json;

namespace FlowGrain.Tests.Cluster;

/// <summary>A silo on the ports of another one fails alone; the other notices nothing.</summary>
public sealed class PortsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new();
    private SiloCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = new SiloCluster(_redis, _folder.In("store"), _folder.Path);
        await _cluster.Start("a");
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _redis.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public async Task A_newcomer_on_a_port_of_a_living_silo_names_it_and_ends_and_the_other_lives(bool silo, bool gateway, bool http)
    {
        var (taken, free) = (_cluster.PortsOf("a"), SiloPorts.Free());
        var (code, output, errors) = await _cluster.Refused(new(silo ? taken.Silo : free.Silo, gateway ? taken.Gateway : free.Gateway, http ? taken.Http : free.Http));
        Assert.True(code == 1, $"exit {code}: {errors}");
        Assert.Equal(silo, errors.Contains($"Another process listens on 127.0.0.1:{taken.Silo}, another silo perhaps; stop that one, or give this one another Silo:Port.", StringComparison.Ordinal));
        Assert.Equal(gateway, errors.Contains("another Silo:GatewayPort.", StringComparison.Ordinal));
        Assert.Equal(http, errors.Contains("another Http:Urls.", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.Equal([taken.Silo], await Silos());
    }

    [Fact]
    public async Task A_silo_that_was_killed_starts_again_on_its_own_ports()
    {
        await _cluster["a"].Kill();
        await _cluster.Restart("a");
        Assert.Equal([_cluster.PortsOf("a").Silo], await Silos());
    }

    [Fact]
    public async Task Of_two_that_start_on_the_same_ports_at_once_one_joins()
    {
        var ports = SiloPorts.Free();
        using var one = _cluster.Launch(ports);
        using var other = _cluster.Launch(ports);
        await Task.WhenAny(one.Exited, other.Exited);
        var (refused, joined) = one.HasExited ? (one, other) : (other, one);
        var (code, _, errors) = await refused.End();
        Assert.True(code == 1, $"exit {code}: {errors}");
        Assert.StartsWith("FlowGrain silo ready", await joined.FirstLine(), StringComparison.Ordinal);
        int[] both = [_cluster.PortsOf("a").Silo, ports.Silo];
        Assert.Equal(both.Order(), await Silos());
    }

    /// <summary>The ports of the silos that take part, as the first one tells.</summary>
    private async Task<int[]> Silos()
    {
        using var http = new HttpClient();
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{_cluster.PortsOf("a").Http}/api/v1/cluster"), TestContext.Current.CancellationToken));
        return [.. answer.RootElement.GetProperty("silos").EnumerateArray().Select(silo => int.Parse(silo.GetProperty("address").GetString()!.Split(':', '@')[1], CultureInfo.InvariantCulture)).Order()];
    }
}
