using Microsoft.Playwright;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>How much the page costs.</summary>
public sealed class SpeedTests(PageFixture page) : IClassFixture<PageFixture>
{
    private const int FirstLoad = 150_000; // bytes on the wire
    private const int Runs = 300, Points = 10_000;
    private const double Frame = 100; // ms

    [Fact]
    public async Task The_first_load_is_below_150_KB_on_the_wire()
    {
        await using var host = await PageHost.Start(new MadeUpCluster(runs: 1));
        var window = await page.Open(host.Url, "/runs/run-0"); // the view that needs the most
        await window.Shows("main", "Straggler ratio");
        await window.Shows("#status", "live");
        var bytes = await window.Page.EvaluateAsync<int>(
            "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(entry => !entry.name.includes('/api/')).reduce((sum, entry) => sum + entry.encodedBodySize, 0)");
        TestContext.Current.SendDiagnosticMessage("first load: {0} bytes", bytes);
        Assert.InRange(bytes, 50_000, FirstLoad);
    }

    [Fact(Explicit = true)] // a time, which means something on a quiet machine alone
    public async Task Three_hundred_runs_of_ten_thousand_points_are_compared_scrolled_and_searched_within_100_ms_a_frame()
    {
        await using var host = await PageHost.Start(new MadeUpCluster(Runs, Points));
        var all = string.Join(',', Enumerable.Range(0, Runs).Select(run => $"run-{run}@1"));
        var window = await page.Open(host.Url, $"/runs?sel={Uri.EscapeDataString(all)}");
        await window.Shows(".title", $"{Runs}");
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
