using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>What the main threads of a browser's pages do, task by task, in time of their own: so that it does not matter what else the machine does.</summary>
internal sealed class Trace : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonElement> _events = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ICDPSession _session;

    private Trace(ICDPSession session)
    {
        _session = session;
        session.Event("Tracing.dataCollected").OnEvent += (_, data) =>
        {
            foreach (var one in data!.Value.GetProperty("value").EnumerateArray()) _events.Enqueue(one.Clone());
        };
        session.Event("Tracing.tracingComplete").OnEvent += (_, _) => _complete.TrySetResult();
    }

    internal static async Task<Trace> Begin(IPage page)
    {
        var trace = new Trace(await page.Context.NewCDPSessionAsync(page));
        await trace._session.SendAsync("Tracing.start", new()
        {
            ["transferMode"] = "ReportEvents",
            ["traceConfig"] = new { includedCategories = (string[])["disabled-by-default-devtools.timeline"] },
        });
        return trace;
    }

    /// <summary>Ends it; milliseconds of the longest task: between two of them a page can draw a frame.</summary>
    internal async Task<double> LongestTask()
    {
        await _session.SendAsync("Tracing.end");
        await _complete.Task;
        var threads = _events.Where(one => Name(one) == "thread_name" && one.GetProperty("args").GetProperty("name").GetString() == "CrRendererMain").Select(Thread).ToHashSet();
        return _events.Where(one => Name(one) == "RunTask" && one.TryGetProperty("tdur", out _) && threads.Contains(Thread(one))).Max(task => task.GetProperty("tdur").GetDouble()) / 1000;
    }

    public async ValueTask DisposeAsync() => await _session.DetachAsync();

    private static string? Name(JsonElement one) => one.GetProperty("name").GetString();

    private static (long Process, long Thread) Thread(JsonElement one) => (one.GetProperty("pid").GetInt64(), one.GetProperty("tid").GetInt64());
}
