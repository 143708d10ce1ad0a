using Microsoft.Playwright;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>How much the page costs.</summary>
public sealed class SpeedTests(PageFixture page) : IClassFixture<PageFixture>
{
    private const int FirstLoad = 150_000; // bytes on the wire
    private const int Runs = 300, Points = 10_000;
    private const double Frame = 0.1; // seconds

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

    [Fact]
    public async Task Three_hundred_runs_of_ten_thousand_points_are_compared_scrolled_and_searched_within_100_ms_a_frame()
    {
        await using var host = await PageHost.Start(new MadeUpCluster(Runs, Points));
        var all = string.Join(',', Enumerable.Range(0, Runs).Select(run => $"run-{run}@1"));
        var window = await page.Open(host.Url, $"/runs?sel={Uri.EscapeDataString(all)}");
        await window.Shows(".title", $"{Runs}");
        await window.Shows(".legend", "and 288 more");

        var costs = await Costs.Of(window);
        var nothing = await costs.Measure(() => Task.CompletedTask);
        List<(string Name, double Seconds)> measured = [];
        foreach (var (name, act) in Acts(window.Page)) measured.Add((name, await costs.Measure(act) - nothing));
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", measured.Select(act => $"{act.Name} {1000 * act.Seconds:F0} ms")));
        Assert.All(measured, act => Assert.True(act.Seconds < Frame, $"{act.Name} took {1000 * act.Seconds:F0} ms"));
    }

    private static IEnumerable<(string Name, Func<Task> Act)> Acts(IPage page) =>
    [
        .. Enumerable.Range(1, 5).Select(step => ("the pointer on the chart", (Func<Task>)(() => page.Mouse.MoveAsync(300 + 100 * step, 300)))),
        .. Enumerable.Range(1, 5).Select(_ => ("scrolling", (Func<Task>)(() => page.Mouse.WheelAsync(0, 400)))),
        ("the way to the search", () => page.Keyboard.PressAsync("/")),
        .. "run-12".Select(letter => ("a letter of a search", (Func<Task>)(() => page.Keyboard.TypeAsync($"{letter}")))),
        ("the end of a search", () => page.Keyboard.PressAsync("Control+A")),
        ("all runs again", () => page.Keyboard.PressAsync("Delete")),
        ("a logarithmic axis", () => page.EvaluateAsync("() => [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'log axis').click()")),
        ("news", () => page.EvaluateAsync("() => new Promise(changed => new MutationObserver(changed).observe(document.querySelector('tbody'), { subtree: true, childList: true, characterData: true }))")),
    ];

    /// <summary>What the thread of a page computes: its own time, so that it does not matter what else the machine does.</summary>
    private sealed class Costs(IPage page, ICDPSession session)
    {
        internal static async Task<Costs> Of(Window window)
        {
            var session = await window.Page.Context.NewCDPSessionAsync(window.Page);
            await session.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
            return new(window.Page, session);
        }

        /// <summary>Seconds of what somebody does, until it has been drawn.</summary>
        internal async Task<double> Measure(Func<Task> act)
        {
            var before = await Seconds();
            await act();
            await page.EvaluateAsync("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
            return await Seconds() - before;
        }

        private async Task<double> Seconds()
        {
            var answer = (await session.SendAsync("Performance.getMetrics"))!.Value;
            return answer.GetProperty("metrics").EnumerateArray().Single(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
        }
    }
}
