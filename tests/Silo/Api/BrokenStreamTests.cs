using FlowGrain.Serving;
using FlowGrain.Silo.Api.Sampling;
using FlowGrain.Tests.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>Samples that cannot be sent to their end: what came of them never looks like all of them.</summary>
public sealed class BrokenStreamTests
{
    private const int Rows = 200_000; // several chunks

    private static readonly ModelDescription Model = new("pairs", 3, "nsf", ["x", "y"], [], 1, 0, 0, 0, 0, "", "", [], []);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData("application/octet-stream"), InlineData("application/x-ndjson")]
    public async Task An_answer_whose_drawing_fails_in_the_midst_is_broken_off(string media)
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        await using var server = await Serve(url, (first, rows, _) => first == 0 ? Task.FromResult(new Block<double>(new double[2 * rows])) : throw new IOException("The disk is away."));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd(media);
        using var answer = await http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.True(answer.IsSuccessStatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task An_answer_under_way_waits_where_there_is_no_room_for_its_next_draws()
    {
        var (url, refused) = ($"http://127.0.0.1:{Ports.Free()}", 0);
        await using var server = await Serve(url, (first, rows, _) => first == 0 || Interlocked.Increment(ref refused) > 3 ? Task.FromResult(new Block<double>(new double[2 * rows])) : throw new OverloadedException("full"));
        using var http = new HttpClient();
        Assert.Equal(2 * sizeof(double) * Rows, (await http.GetByteArrayAsync(new Uri(url), Cancellation)).Length);
    }

    [Fact]
    public async Task A_silo_that_stops_breaks_the_answer_off_and_ends_in_order()
    {
        var silo = new DrawnSilo();
        await silo.InitializeAsync();
        await using var ends = silo;
        using var request = new HttpRequestMessage(HttpMethod.Get, "models/pairs/samples?rows=1000000000000") { Headers = { { "Accept", "application/x-ndjson" } } };
        using var answer = await silo.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var read = Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Cancellation));
        var (code, _, errors) = await silo.Stop();
        await read;
        Assert.True(code == 0, $"exit {code}: {errors}");
    }

    private static async Task<WebApplication> Serve(string url, Func<long, int, CancellationToken, Task<Block<double>>> draw)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseUrls(url);
        var server = builder.Build();
        server.MapGet("/", (HttpRequest request) => new SampleStream(Model, DrawRange.Require(0, Rows), RowFormat.Of(request, Model), draw, TimeProvider.System, CancellationToken.None, NullLogger.Instance));
        await server.StartAsync(Cancellation);
        return server;
    }
}
