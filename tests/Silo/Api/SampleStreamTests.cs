using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowGrain.Client;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains;
using FlowGrain.Tests.Grains.Serving;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>Samples of any number, sent as they are drawn.</summary>
public sealed partial class SampleStreamTests(DrawnSilo silo) : IClassFixture<DrawnSilo>
{
    private const long Endless = 1L << 40; // rows; no test lives to see the last
    private const string Lines = "application/x-ndjson";

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_million_rows_that_are_read_slowly_are_those_of_the_embedded_cluster()
    {
        const int Rows = 1_000_000;
        await using var embedded = await EmbeddedFixture.Start();
        StoredModels.In(embedded.Home).Publish(DrawnSilo.Pairs, []);
        var here = new GrainCluster(embedded.Cluster.Grains, TimeProvider.System);
        var expected = here.Sample(await here.Describe(new("pairs", null), Cancellation), new SampleOrder(Rows, 7, []), Cancellation);

        using var answer = await Ask($"pairs/samples?rows={Rows}&seed=7");
        Assert.Equal(("application/octet-stream", 16L * Rows, "1"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentLength, answer.Headers.GetValues("FlowGrain-Model-Version").Single()));
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var (chunks, rows) = (0, 0);
        await foreach (var chunk in expected)
        {
            if (chunks++ % 10 == 0) await Task.Delay(Moment, TimeProvider.System, Cancellation);
            var came = new byte[sizeof(double) * chunk.Length];
            await body.ReadExactlyAsync(came, Cancellation);
            Assert.True(MemoryMarshal.AsBytes(chunk.Span).SequenceEqual(came), $"The rows from {rows} on are others.");
            rows += chunk.Length / 2;
        }

        Assert.Equal((Rows, 0), (rows, await body.ReadAsync(new byte[1], Cancellation)));
    }

    [Fact]
    public async Task Lines_of_json_have_the_same_numbers_by_the_names_of_the_columns_and_go_on_with_first()
    {
        var bytes = await silo.Http.GetByteArrayAsync("models/pairs/samples?rows=30000&seed=3", Cancellation);
        using var answer = await Ask("pairs/samples?rows=20000&seed=3&first=10000", Lines);
        Assert.Equal((Lines, null), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentLength));
        var rows = (await answer.Content.ReadAsStringAsync(Cancellation)).Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["x0", "x1"], rows[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(MemoryMarshal.Cast<byte, double>(bytes)[20_000..], rows.SelectMany(row => row.EnumerateObject().Select(property => property.Value.GetDouble())).ToArray());
    }

    [Fact]
    public async Task A_client_that_reads_nothing_holds_the_drawing_up_and_one_that_goes_away_ends_it()
    {
        using (var answer = await Ask($"pairs/samples?rows={Endless}"))
        {
            await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
            var held = await Settled();
            await body.ReadExactlyAsync(new byte[64 << 20], Cancellation); // more than lies between the two
            Assert.True(await Settled() > held);
        }

        await Settled();

        using (var answer = await Ask($"pairs/samples?rows={Endless}", Lines))
        {
            await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
            await body.ReadExactlyAsync(new byte[1 << 20], Cancellation); // it draws, and is cut off in the midst
        }

        await Settled();
    }

    [Theory, InlineData("application/octet-stream"), InlineData(Lines)]
    public async Task Memory_does_not_grow_with_the_rows_that_pass(string media)
    {
        const long Bound = 64 << 20; // a quarter of what passes as bytes
        await Pass(media, rows: 500_000); // compiles, and takes what it needs
        var before = silo.Resident;
        var most = await Pass(media, rows: 4_000_000);
        Assert.True(most - before < Bound, $"It grew by {(most - before) >> 20} MiB.");
    }

    [Theory]
    [InlineData("pairs/samples?rows=0", "*/*", 400, "rows is 0; draw 1 to 1099511627776.")]
    [InlineData("pairs/samples?rows=1099511627777", "*/*", 400, "rows is 1099511627777")]
    [InlineData("pairs/samples?rows=1&first=-1", "*/*", 400, "first is -1")]
    [InlineData("pairs/samples?rows=-1&first=-1", "*/*", 400, "rows is -1; draw 1 to 1099511627776. first is -1")]
    [InlineData("pairs/samples?rows=2&first=1099511627775", "*/*", 400, "goes beyond draw 1099511627775")]
    [InlineData("pairs/samples?rows=1&context=3", "*/*", 400, "needs 0 context values ()")]
    [InlineData("given/samples?rows=1", Lines, 400, "needs 1 context values (c0)")]
    [InlineData("given/samples?rows=5&context=NaN", Lines, 400, "'c0' is no number, and draws are given a number for each context column; give one.")]
    [InlineData("given/samples?rows=5&context=Infinity", Lines, 400, "'c0' is Infinity")]
    [InlineData("pairs/samples?rows=1", "text/csv", 406, "The request accepts text/csv, and rows come as application/octet-stream or application/x-ndjson")]
    public async Task What_cannot_be_drawn_is_a_problem_before_anything_is_sent(string path, string media, int status, string words)
    {
        using var answer = await Ask(path, media);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(words, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/x-ndjson, */*;q=0.5", Lines)]
    [InlineData("text/html, application/*;q=0.8, application/x-ndjson;q=0.9", Lines)]
    [InlineData("text/html, */*;q=0.8", "application/octet-stream")]
    [InlineData("application/x-ndjson;q=0, application/octet-stream;q=0.1", "application/octet-stream")]
    public async Task A_client_gets_what_it_likes_best(string accepts, string media)
    {
        using var answer = await Ask("pairs/samples?rows=1", accepts);
        Assert.Equal((HttpStatusCode.OK, media), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    private async Task<HttpResponseMessage> Ask(string path, string? accepts = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"models/{path}");
        if (accepts is not null) request.Headers.Accept.ParseAdd(accepts);
        return await silo.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    /// <summary>Reads so many rows of six columns; the most memory that the silo had meanwhile.</summary>
    private async Task<long> Pass(string media, long rows)
    {
        using var answer = await Ask($"wide/samples?rows={rows}", media);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var (buffer, most, passed) = (new byte[1 << 20], 0L, 0L);
        for (int read, looked = 0; (read = await body.ReadAsync(buffer, Cancellation)) > 0; passed += read)
            if (looked++ % 50 == 0) most = Math.Max(most, silo.Resident);
        Assert.True(passed >= rows * 6 * (media == Lines ? 5 : sizeof(double)), $"{passed} bytes came.");
        return most;
    }

    /// <summary>How many rows were drawn, once that has stopped to grow.</summary>
    private async Task<long> Settled()
    {
        for (var last = -1L; ;)
        {
            var drawn = DrawnRows().Match(await silo.Http.GetStringAsync(new Uri(silo.Url, "/metrics"), Cancellation)) is { Success: true } line ? long.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
            if (drawn == last) return drawn;
            last = drawn;
            await Task.Delay(5 * Moment, TimeProvider.System, Cancellation); // several chunks' time, and longer than an answer of /metrics is kept
        }
    }

    [GeneratedRegex(@"^flowgrain_serve_sample_rows_total\{[^}]*\} (\d+)", RegexOptions.Multiline)]
    private static partial Regex DrawnRows();
}

/// <summary>A silo with models of two and of six columns, and one with a context.</summary>
public sealed class DrawnSilo : OneSilo
{
    public DrawnSilo() : this(Directory.CreateTempSubdirectory("flowgrain-test-").FullName)
    {
    }

    private DrawnSilo(string root) : base([], root)
    {
        var wide = TestFlows.Spec("nice", 6);
        StoredModels.In(root).Publish(Pairs, []);
        StoredModels.In(root).Publish(StoredModels.Of("wide", 1, wide, TestFlows.Weights(wide)), []);
        StoredModels.In(root).Publish(StoredModels.Some("given", context: 1), []);
    }

    internal static FlowGrain.Serving.StoredModel Pairs => StoredModels.Some("pairs");
}
