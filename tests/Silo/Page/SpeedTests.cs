using Microsoft.Playwright;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>Tests that time what others would slow down.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;

/// <summary>How much the page costs.</summary>
[Collection(nameof(MeasuredAlone))]
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

    [Fact]
    public async Task Three_hundred_runs_of_ten_thousand_points_are_searched_scrolled_and_compared_within_100_ms_a_frame()
    {
        await using var host = await PageHost.Start(new MadeUpCluster(Runs, Points));
        var all = string.Join(',', Enumerable.Range(0, Runs).Select(run => $"run-{run}@1"));
        var window = await page.Open(host.Url, $"/runs?sel={Uri.EscapeDataString(all)}");
        await window.Has(Runs, "tbody tr");
        await window.Shows(".legend", "and 288 more");

        await window.Page.EvaluateAsync(
            """
            () => {
              window.frames = [];
              let last = performance.now();
              const frame = now => {
                window.frames.push(now - last);
                last = now;
                requestAnimationFrame(frame);
              };
              requestAnimationFrame(frame);
            }
            """);
        await Use(window);
        var frames = await window.Page.EvaluateAsync<double[]>("() => window.frames");
        Array.Sort(frames);
        TestContext.Current.SendDiagnosticMessage("{0} frames: median {1:F0} ms, 95% {2:F0} ms, longest {3:F0} ms", frames.Length, frames[frames.Length / 2], frames[(int)(0.95 * frames.Length)], frames[^1]);
        Assert.True(frames.Length > 100, $"only {frames.Length} frames");
        Assert.InRange(frames[(int)(0.95 * frames.Length)], 0, Frame); // the rest is left to whatever else the machine does
    }

    private static async Task Use(Window window)
    {
        for (var step = 1; step <= 60; step++)
        {
            await window.Page.Mouse.MoveAsync(300 + 10 * step, 300);
            await window.Page.Mouse.WheelAsync(0, step <= 30 ? 250 : -250);
        }

        foreach (var word in (string[])["run-1", "run-12", ""]) await window.Page.GetByLabel("Search runs").FillAsync(word);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "log axis" }).ClickAsync();
        await window.Until("() => window.frames.length > 100");
    }
}
