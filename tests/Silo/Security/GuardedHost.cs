using System.Collections.Concurrent;
using System.Net.Http.Headers;
using FlowGrain.Silo;
using FlowGrain.Silo.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>The guards of the API on a real server, before endpoints that answer everybody who comes that far; without a silo.</summary>
internal sealed class GuardedHost : IAsyncDisposable, ILoggerProvider
{
    private readonly ConcurrentQueue<string> _logged = [];
    private WebApplication _app = null!;

    private GuardedHost(Uri url) => Url = url;

    internal Uri Url { get; }

    internal HttpClient Http { get; private set; } = null!;

    /// <summary>What was logged, each with its category.</summary>
    internal string[] Logged => [.. _logged];

    internal FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>Starts it with settings, which a file may have too.</summary>
    internal static async Task<GuardedHost> Start(string[] settings, string? file = null, HttpMessageHandler? handler = null, string scheme = "http")
    {
        var host = new GuardedHost(new($"{scheme}://localhost:{Cluster.Ports.Free()}"));
        var builder = WebApplication.CreateEmptyBuilder(new() { Args = [.. settings.Append($"Http:Urls={host.Url}").Select(setting => $"--{setting}")] });
        if (file is not null) builder.Configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
        builder.Logging.AddProvider(host);
        builder.Services.AddSingleton<TimeProvider>(host.Clock);
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseUrls($"{host.Url}");
        builder.WebHost.UseKestrelHttpsConfiguration();
        host._app = builder.AddSiloOptions().Build();
        host._app.UseSecurity();
        host._app.UseGate();
        host._app.Map("/page", () => TypedResults.Content("<p>", "text/html"));
        host._app.Map("/{**rest}", () => "in");
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Http = new HttpClient(handler ?? new HttpClientHandler()) { BaseAddress = host.Url };
        return host;
    }

    /// <summary>Asks for something with a key; the status and what was said.</summary>
    internal async Task<(int Status, string Text)> Ask(string? key, string path = "/api/v1/runs", string method = "GET")
    {
        using var answer = await Answer(key, path, method);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Asks for something with a key.</summary>
    internal async Task<HttpResponseMessage> Answer(string? key, string path = "/api/v1/runs", string method = "GET")
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Lets the settings be read again, as a change of their file does.</summary>
    internal void Reload() => ((IConfigurationRoot)_app.Configuration).Reload();

    /// <summary>Lets time pass until files are looked at again.</summary>
    internal void Look() => Clock.Advance(TimeSpan.FromSeconds(1));

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        await _app.DisposeAsync();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Category(categoryName, _logged);

    void IDisposable.Dispose()
    {
    }

    private sealed class Category(string name, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{name}: {formatter(state, exception)}");
    }
}
