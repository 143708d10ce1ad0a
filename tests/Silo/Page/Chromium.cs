using Microsoft.Playwright;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>The system's Chromium, driven by Playwright: nothing is downloaded. Skips the test where there is none.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    internal static async Task<Chromium> Start()
    {
        var program = Array.Find(Places, File.Exists);
        Assert.SkipUnless(program is not null, "The page is tested in Chromium, which is not here; ./test installs it on Debian and Ubuntu (apt-get install chromium).");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new(playwright, browser);
    }

    /// <summary>A window on the page of a silo.</summary>
    /// <param name="url">The silo.</param>
    /// <param name="at">What the address says behind <c>#</c>.</param>
    /// <param name="isDark">Which colours the system asks for.</param>
    /// <param name="height">Of the window, pixels.</param>
    internal async Task<Window> Open(Uri url, string at = "", bool isDark = true, int height = 900)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = height }, ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light });
        var window = new Window(await context.NewPageAsync(), url);
        await window.Go(at);
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
