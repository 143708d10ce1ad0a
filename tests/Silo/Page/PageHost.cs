using System.Collections.Concurrent;
using FlowGrain.Api;
using FlowGrain.Silo;
using FlowGrain.Silo.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>The page as a silo serves it, over an API whose answers are made up: views that need much, or what seldom happens.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    /// <summary>A key of one who may look and not change, where the API wants keys.</summary>
    internal const string Looking = "looking";

    private readonly ConcurrentQueue<string> _changes = [];
    private readonly string? _key;
    private WebApplication _app = null!;

    private PageHost(string? key) => _key = key;

    internal Uri Url { get; } = new($"http://127.0.0.1:{Cluster.Ports.Free()}");

    /// <summary>Starts it.</summary>
    /// <param name="cluster">What its API tells.</param>
    /// <param name="key">The key that the API wants; null for none.</param>
    internal static async Task<PageHost> Start(MadeUpCluster? cluster = null, string? key = null)
    {
        var host = new PageHost(key);
        var builder = WebApplication.CreateEmptyBuilder(new() { WebRootPath = Path.Combine(Repository.Root, "silo", "wwwroot") });
        builder.WebHost.UseKestrelCore().UseUrls($"{host.Url}");
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.AddPages();
        host._app = builder.Build();
        host._app.UseSecurityHeaders();
        host._app.Use(host.Guard);
        host._app.MapPages();
        host._app.Use(host.Note);
        new MadeUpApi(cluster ?? new MadeUpCluster(runs: 6)).Map(host._app);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>What it was asked to change, such as <c>POST /api/v1/runs/run-1/pause</c>, with the body where there is one.</summary>
    internal IReadOnlyCollection<string> Changes => _changes;

    /// <summary>Whether one asks who may look and not change.</summary>
    internal static bool IsLooking(HttpContext context) => KeyOf(context) == Looking;

    private static string KeyOf(HttpContext context) => context.Request.Headers.Authorization.ToString().Replace("Bearer ", "");

    private async Task Note(HttpContext context, RequestDelegate next)
    {
        context.Request.EnableBuffering();
        var body = context.Request.HasJsonContentType() ? await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted) : "";
        context.Request.Body.Position = 0;
        if (!HttpMethods.IsGet(context.Request.Method)) _changes.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body}".Trim());
        await next(context);
    }

    // As the gate has it: who has no key learns nothing, and who may look changes nothing.
    private Task Guard(HttpContext context, RequestDelegate next)
    {
        if (_key is null || !context.Request.Path.StartsWithSegments("/api")) return next(context);
        var key = KeyOf(context);
        if (key != _key && key != Looking) return Results.Problem("This API wants a key; send one as Authorization: Bearer KEY.", statusCode: 401).ExecuteAsync(context);
        return key == _key || HttpMethods.IsGet(context.Request.Method)
            ? next(context)
            : Results.Problem("The key 'looking' may look and not change; use one of an operator.", statusCode: 403).ExecuteAsync(context);
    }
}
