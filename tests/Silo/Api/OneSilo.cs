using System.Security.Cryptography;
using System.Text;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Tests.Cluster;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>A silo process, alone, with keys or without.</summary>
public class OneSilo : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly string[] _settings;
    private readonly string? _root;
    private readonly int[] _ports = [Ports.Free(), Ports.Free()];
    private RealProcess _process = null!;

    public OneSilo() : this([])
    {
    }

    protected OneSilo(string[] settings, string? root = null) => (_settings, _root) = (settings, root);

    internal Uri Url { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    /// <summary>Where it listens.</summary>
    private protected virtual string Urls => $"{Url}";

    /// <summary>The port that Orleans clients join it through.</summary>
    internal int Gateway => _ports[1];

    /// <summary>Its Storage:Root, which is all that it may read.</summary>
    internal string Root => _root ?? _folder.In("store");

    /// <summary>A client without a key, at the API's root.</summary>
    internal HttpClient Http { get; private set; } = null!;

    /// <summary>The client library on it.</summary>
    internal HttpCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Root);
        _process = Start();
        Http = ApiConnection.Open(Url, key: null);
        Cluster = new(Http, new AnswerFiles(), TimeProvider.System);
        while (!await IsReady()) Assert.False(_process.HasExited, _process.Errors);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Http.Dispose();
        _process.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>kill -9, and the same silo again.</summary>
    internal async Task Replace()
    {
        await _process.Kill();
        _process.Dispose();
        _process = Start();
    }

    /// <summary>Its resident memory, bytes.</summary>
    internal long Resident => _process.Resident;

    /// <summary>Asks it to stop; done when it has ended.</summary>
    internal Task<(int Code, string Output, string Errors)> Stop()
    {
        _process.Stop();
        return _process.End();
    }

    /// <summary>What it has logged.</summary>
    internal IReadOnlyCollection<string> Lines => _process.Lines;

    /// <summary>Done when it has logged these words.</summary>
    internal Task Logs(string words) => _process.Logs(words, TestContext.Current.CancellationToken);

    internal static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private RealProcess Start()
    {
        string[] settings = [$"Http:Urls={Urls}", $"Silo:Port={_ports[0]}", $"Silo:GatewayPort={_ports[1]}", $"Storage:Root={Root}", "Devices:Cpu=2", .. _settings];
        return RealProcess.Start(RealProcess.Program("FlowGrain.Silo", "FlowGrain.Silo.dll"), settings.Select(setting => $"--{setting}"));
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Url, "/readyz"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }
}

/// <summary>A silo that wants keys: <c>look</c> may look, <c>work</c> may work.</summary>
public sealed class GuardedSilo() : OneSilo(
[
    "Auth:Keys:0:Name=ada", $"Auth:Keys:0:Sha256={Sha256("look")}", "Auth:Keys:1:Name=bob", $"Auth:Keys:1:Sha256={Sha256("work")}", "Auth:Keys:1:Role=operator",
]);
