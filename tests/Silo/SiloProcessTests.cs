using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlowGrain.Tests.Cluster;
using FlowGrain.Tests.Grains;

namespace FlowGrain.Tests.Silo;

/// <summary>The silo as its operator meets it.</summary>
[Collection("ports of the test process")] // one looks that nothing listens, the other listens
public sealed class SiloProcessTests : IDisposable
{
    private static readonly string Program = RealProcess.Program("FlowGrain.Silo", "FlowGrain.Silo.dll");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_answers_health_and_metrics_and_ends_with_0_soon_after_it_is_told_to()
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        using var silo = RealProcess.Start(Program, Settings($"Http:Urls={url}", $"Silo:Port={Ports.Free()}", $"Silo:GatewayPort={Ports.Free()}"));
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        await Ready(silo, client);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/livez", TestContext.Current.CancellationToken)).StatusCode);
        var metrics = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("# TYPE", metrics);
        Assert.Contains("service_name=\"flowgrain\"", metrics);
        Assert.Contains("service_version=\"", metrics);
        await using var live = await client.GetStreamAsync("/api/v1/live", TestContext.Current.CancellationToken);

        var told = Stopwatch.GetTimestamp();
        silo.Stop();
        var (code, output, errors) = await silo.End();
        Assert.True(code == 0, $"exit {code}: {errors}");
        Assert.Equal("", errors); // streams of events that end with it are no fault
        Assert.Contains($"FlowGrain silo ready on {url}, data in {_folder.Path}\n", output);
        Assert.InRange(Stopwatch.GetElapsedTime(told).TotalSeconds, 0, 15);
    }

    [Fact]
    public async Task Every_fault_of_its_settings_is_said_at_once_and_it_ends_with_2()
    {
        using var silo = RealProcess.Start(Program, Settings(
            "Http:Urls=http://0.0.0.0:8123", "Silo:Port=99999", "Silo:GatewayPort=0", "Silo:Address=10.0.0.1", "Devices:Cpu=0", "Cluster:Provider=zookeeper", "Cluster:Id="));
        var (code, output, errors) = await silo.End();
        Assert.True(code == 2, $"exit {code}: {errors}");
        Assert.All(
            ["http://0.0.0.0:8123, open to the network", "Auth:AllowAnonymous=true", "Silo:Port is 99999", "Silo:GatewayPort is 0", "Silo:Address is 10.0.0.1", "Devices:Cpu is 0", "Cluster:Provider is 'zookeeper'", "Cluster:Id must not"],
            sentence => Assert.Contains(sentence, errors));
        Assert.DoesNotContain("   at ", output + errors);
    }

    [Theory]
    [InlineData("Silo:Port=abc", "Silo:Port")]
    [InlineData("Devices:Cpu=many", "Devices:Cpu")]
    [InlineData("Http:Urls=nonsense", "Http:Urls")]
    [InlineData("Otlp:Endpoint=::", "Otlp:Endpoint")]
    public async Task A_setting_of_another_kind_is_named_and_it_ends_with_2(string setting, string name)
    {
        using var silo = RealProcess.Start(Program, Settings(setting));
        var (code, output, errors) = await silo.End();
        Assert.True(code == 2, $"exit {code}: {errors}");
        Assert.Contains(name, errors);
        Assert.DoesNotContain("   at ", output + errors);
    }

    [Theory]
    [InlineData("Storage:Rot=/tmp", "There is no setting Storage:Rot; did you mean Storage:Root?")]
    [InlineData("Silo:Adress=127.0.0.1", "There is no setting Silo:Adress; did you mean Silo:Address?")]
    [InlineData("Devices:Quantum=1", "There is no setting Devices:Quantum; Devices has Cpu, Cuda.")]
    [InlineData("Devices:Cuda=1", "Devices:Cuda is 1, and this build of FlowGrain computes on processors alone; leave it out.")]
    [InlineData("Http:Url=x", "There is no setting Http:Url; did you mean Http:Urls?")]
    [InlineData("Otlp:Endpoints=x", "did you mean Otlp:Endpoint?")]
    [InlineData("Otlp:Endpoint=ftp://127.0.0.1", "Otlp:Endpoint must be a URL such as http://127.0.0.1:4317.")]
    [InlineData("Otlp:Protocol=thrift", "Otlp:Protocol is 'thrift'; it must be 'grpc' or 'http/protobuf'.")]
    [InlineData("Otlp:Headers=secret", "Otlp:Headers must be name=value, several with commas between.")]
    [InlineData("Data:Root:0=/", "did you mean Data:Roots?")]
    [InlineData("Data:Roots=/nowhere", "Data:Roots:0 is '/nowhere', which is no folder that this silo sees")]
    [InlineData("Auth:Anonymous=true", "Auth:Anonymous")]
    [InlineData("Cluster:Idd=x", "did you mean Cluster:Id?")]
    [InlineData("Auth:Keys:0:Rol=operator", "There is no setting Auth:Keys:0:Rol; did you mean Auth:Keys:0:Role?")]
    [InlineData("Auth:Jwt:Audiense=x", "There is no setting Auth:Jwt:Audiense; did you mean Auth:Jwt:Audience?")]
    [InlineData("Auth:Jwt:Audience=x", "set Auth:Jwt:Authority or Auth:Jwt:SigningKeyFile.")]
    [InlineData("Auth:Jwt:Authority=http://id.example.org", "it must be an https URL such as https://id.example.org, or http on loopback.")]
    [InlineData("Auth:KeysFile=/nowhere", "Auth:KeysFile is '/nowhere', which is not there; put it there, or name another.")]
    [InlineData("Limits:Burst=3", "Limits:Burst is set without Limits:RequestsPerSecond")]
    [InlineData("Http:Tls:Certificate=/nowhere", "Http:Tls:Key is not set; Http:Tls needs a certificate and its key, as PEM files.")]
    [InlineData("Http:Urls=https://127.0.0.1:8123", "Http:Urls has an https address without a certificate; name its PEM files with Http:Tls:Certificate and Http:Tls:Key.")]
    [InlineData("Http:Urls=https://0.0.0.0:8123", "https://0.0.0.0:8123, open to the network without keys")]
    [InlineData("Silo:Tls:Certificate=/nowhere", "Silo:Tls:Ca is not set; name the PEM file of the CA")]
    [InlineData("Silo:Address=0.0.0.0", "Silo:Address is '0.0.0.0'; it must be an IP address of this machine")]
    public async Task A_setting_that_nobody_reads_or_that_cannot_work_is_refused_in_a_sentence(string setting, string sentence)
    {
        using var silo = RealProcess.Start(Program, Settings(setting));
        var (code, output, errors) = await silo.End();
        Assert.True(code == 2, $"exit {code}: {errors}");
        Assert.Contains(sentence, errors);
        Assert.DoesNotContain("   at ", output + errors);
    }

    [Fact]
    public async Task It_listens_for_silos_on_its_address_and_nowhere_else()
    {
        var (url, port) = ($"http://127.0.0.1:{Ports.Free()}", Ports.Free());
        using var silo = RealProcess.Start(Program, Settings($"Http:Urls={url}", "Silo:Address=127.0.0.2", $"Silo:Port={port}", $"Silo:GatewayPort={Ports.Free()}"));
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        await Ready(silo, client);
        using var there = new TcpClient();
        await there.ConnectAsync(IPAddress.Parse("127.0.0.2"), port, TestContext.Current.CancellationToken);
        using var elsewhere = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => elsewhere.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_it_ends_with_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var silo = RealProcess.Start(Program, Settings($"Http:Urls=http://127.0.0.1:{port}", $"Silo:Port={Ports.Free()}", $"Silo:GatewayPort={Ports.Free()}"));
        var (code, _, errors) = await silo.End();
        Assert.True(code == 1, $"exit {code}: {errors}");
        Assert.Contains($"{port}", errors);
    }

    [Fact]
    public async Task The_embedded_cluster_opens_no_port()
    {
        var before = Listening();
        await using var embedded = await EmbeddedFixture.Start();
        await embedded.Train("m", embedded.Plan("nice", steps: 3));
        Assert.Empty(Listening().Except(before));
    }

    private string[] Settings(params string[] settings) => [.. settings.Append($"Storage:Root={_folder.Path}").Select(setting => $"--{setting}")];

    /// <summary>The silo says itself when it takes work, and then its answer is the same.</summary>
    private static async Task Ready(RealProcess silo, HttpClient client)
    {
        Assert.StartsWith("FlowGrain silo ready", await silo.FirstLine().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);
    }

    /// <summary>The sockets of this process that listen: its descriptors among the listening inodes of the machine.</summary>
    private static HashSet<string> Listening()
    {
        const string Listen = "0A"; // state TCP_LISTEN
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        var listening = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == Listen)
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet();
        var own = new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(entry => entry.LinkTarget ?? "");
        return [.. own.Where(listening.Contains)];
    }
}
