using System.Net;
using Microsoft.Playwright;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>How much the page costs.</summary>
public sealed class SpeedTests(PageFixture page) : IClassFixture<PageFixture>
{
    private const int FirstLoad = 150_000; // bytes on the wire
    private const int Runs = 300, Points = 10_000;
    private const double Frame = 100; // ms

    [Theory, InlineData("/cluster", "127.0.0.1:11111"), InlineData("/runs/run-0", "Straggler ratio"), InlineData("/models/rings", "at the pointer"), InlineData("/try?model=rings&row=1,2", "Where it lies")]
    public async Task The_first_load_is_below_150_KB_gzipped(string at, string text)
    {
        var window = await page.Open(at);
        await window.Shows("main", text);
        await window.Shows("#status", "live");
        var files = await window.Page.EvaluateAsync<string[]>(
            "() => [...new Set([...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(entry => entry.name.split('#')[0]))].filter(name => !/\\/(api|v2)\\//.test(name))");
        var bytes = (await Task.WhenAll(files.Select(Gzipped))).Sum();
        TestContext.Current.SendDiagnosticMessage("first load of {0}: {1} bytes in {2} files", at, bytes, files.Length);
        Assert.InRange(bytes, 50_000, FirstLoad);
        await window.Close();
    }

    [Fact(Explicit = true)] // a time, which means something on a quiet machine alone
    public async Task Three_hundred_runs_of_ten_thousand_points_are_compared_scrolled_and_searched_within_100_ms_a_frame()
    {
        await using var host = await PageHost.Start(new MadeUpCluster(Runs, Points));
        var all = string.Join(',', Enumerable.Range(0, Runs).Select(run => $"run-{run}@1"));
        var window = await page.Open(host.Url, $"/runs?sel={Uri.EscapeDataString(all)}");
        await window.Shows(".title", $"{Runs + 2}"); // two of them older versions of one
        await window.Shows(".legend", "and 288 more");

        await Use(window.Page); // what is compiled at its first use is no frame of the second
        await using (var trace = await Trace.Begin(window.Page))
        {
            await Use(window.Page);
            var longest = await trace.LongestTask();
            TestContext.Current.SendDiagnosticMessage("the longest task took {0:F0} ms", longest);
            Assert.InRange(longest, 1, Frame);
        }

        await window.Close();
    }

    /// <summary>What a file takes on the wire.</summary>
    private static async Task<int> Gzipped(string file)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        return (await client.GetByteArrayAsync(new Uri(file), TestContext.Current.CancellationToken)).Length;
    }

    private static async Task Use(IPage page)
    {
        for (var step = 1; step <= 10; step++) await page.Mouse.MoveAsync(300 + 50 * step, 300);
        for (var step = 1; step <= 20; step++) await page.Mouse.WheelAsync(0, step <= 10 ? 400 : -400);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("run-12");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.PressAsync("Delete");
        await page.GetByRole(AriaRole.Button, new() { Name = "log axis" }).ClickAsync();
        await page.EvaluateAsync("() => new Promise(changed => new MutationObserver(changed).observe(document.querySelector('tbody'), { subtree: true, childList: true, characterData: true }))"); // the news of a second
    }
}
