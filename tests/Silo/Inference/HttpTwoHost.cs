using System.Net;
using FlowGrain.Tests.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>A real server that speaks HTTP/2 without encryption, as that of gRPC does; without a silo.</summary>
internal sealed class HttpTwoHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private HttpTwoHost(WebApplication app, Uri url) => (_app, Url) = (app, url);

    internal Uri Url { get; }

    /// <summary>Asks it, and returns when the header of its answer came.</summary>
    internal async Task<HttpResponseMessage> Ask(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path)) { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Starts it.</summary>
    /// <param name="services">What it needs.</param>
    /// <param name="map">What it answers with.</param>
    internal static async Task<HttpTwoHost> Start(Action<IServiceCollection> services, Action<WebApplication> map)
    {
        var port = Ports.Free();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        services(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, new($"http://127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
