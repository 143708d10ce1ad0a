using System.Collections.Concurrent;
using System.Text.Json;
using FlowGrain.Tests.Cluster;
using FlowGrain.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Who is told that a run has ended.</summary>
public sealed class RunNoticesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_receiver_that_is_busy_is_told_again_until_it_takes_the_notice()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var receiver = await Receiver.Start(503, 429, 200);
        await using var embedded = await EmbeddedFixture.Start(settings: $"Notify:Url={receiver.Url}");
        await embedded.Train("m", embedded.Plan("nice", steps: 5));
        var notice = await receiver.Taken.WaitAsync(Cancellation);
        Assert.Equal(3, receiver.Asked);
        Assert.StartsWith("Run 'm' has finished version 1 after 5 steps, validation ", notice.GetProperty("text").GetString());
        Assert.Equal(("m", "finished", 5), (notice.GetProperty("run").GetProperty("run").GetString(), notice.GetProperty("run").GetProperty("phase").GetString(), notice.GetProperty("run").GetProperty("step").GetInt32()));
        Assert.True(notice.TryGetProperty("time", out _));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_refusal_is_no_reason_to_ask_again_and_stands_in_the_log_of_the_run()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var receiver = await Receiver.Start(403);
        using var folder = new TempFolder();
        await using (var embedded = await EmbeddedFixture.Start(folder: folder, settings: $"Notify:Url={receiver.Url}")) await embedded.Train("m", embedded.Plan("nice", steps: 5));
        var line = (await Log(folder)).Single(line => line.Event == "NoticeNotTaken");
        Assert.Equal((LogLevel.Warning, "Run 'm': Notify:Url could not be told that it is Finished"), (line.Level, line.Message));
        Assert.Contains("403", line.Error);
        Assert.Equal(1, receiver.Asked);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_command_gets_the_notice_and_is_awaited_when_the_process_ends()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        using var folder = new TempFolder();
        await using (var embedded = await EmbeddedFixture.Start(folder: folder, settings: $"Notify:Command=cat >{folder.In("notice.json")}"))
        {
            await embedded.Run("m").Start(embedded.Plan("nice", steps: 1_000_000), Cancellation);
            await embedded.Run("m").Stop();
        }

        var notice = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(folder.In("notice.json"), Cancellation));
        Assert.Equal("stopped", notice.GetProperty("run").GetProperty("phase").GetString());
        Assert.EndsWith("'flowgrain runs resume m' goes on.", notice.GetProperty("text").GetString());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_command_that_fails_is_said_to_with_its_words()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        using var folder = new TempFolder();
        await using (var embedded = await EmbeddedFixture.Start(folder: folder, settings: "Notify:Command=echo nobody is there >&2; exit 3")) await embedded.Train("m", embedded.Plan("nice", steps: 5));
        Assert.Contains("The command ended with 3: nobody is there", (await Log(folder)).Single(line => line.Event == "NoticeNotTaken").Error);
    }

    private static async Task<List<RunLogLine>> Log(TempFolder folder)
    {
        await using var later = await EmbeddedFixture.Start(folder: folder);
        var lines = new List<RunLogLine>();
        await foreach (var piece in later.Cluster.Grains.ReadLog("m", follow: false, TimeProvider.System, Cancellation)) lines.AddRange(piece);
        return lines;
    }

    /// <summary>A web server that answers with one status after another.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly TaskCompletionSource<JsonElement> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<int> _statuses;
        private WebApplication _app = null!;

        private Receiver(int[] statuses) => _statuses = new(statuses);

        internal string Url { get; } = $"http://127.0.0.1:{Ports.Free()}/hook";

        /// <summary>How often it was asked.</summary>
        internal int Asked { get; private set; }

        /// <summary>The notice that it took.</summary>
        internal Task<JsonElement> Taken => _taken.Task;

        internal static async Task<Receiver> Start(params int[] statuses)
        {
            var receiver = new Receiver(statuses);
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.Services.AddRouting();
            builder.WebHost.UseKestrelCore().UseUrls(new Uri(receiver.Url).GetLeftPart(UriPartial.Authority));
            receiver._app = builder.Build();
            receiver._app.MapPost("/hook", receiver.Take);
            await receiver._app.StartAsync(Cancellation);
            return receiver;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task Take(HttpContext context)
        {
            Asked++;
            context.Response.StatusCode = _statuses.TryDequeue(out var status) ? status : 500;
            var notice = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: Cancellation);
            if (status == 200) _taken.SetResult(notice);
        }
    }
}
