namespace FlowGrain.Tests.Silo.Page;

/// <summary>One browser, and one page of made-up answers, for the tests of a class. Skips them where there is no browser.</summary>
public sealed class PageFixture : IAsyncDisposable
{
    private Task<Chromium>? _chromium;
    private Task<PageHost>? _host;

    /// <summary>A window on the page.</summary>
    internal async Task<Window> Open(string at, bool isDark = true) => await Open((await (_host ??= PageHost.Start())).Url, at, isDark);

    /// <summary>A window on the page of another host.</summary>
    internal async Task<Window> Open(Uri url, string at, bool isDark = true) => await (await (_chromium ??= Chromium.Start())).Open(url, at, isDark);

    public async ValueTask DisposeAsync()
    {
        if (_chromium is { IsCompletedSuccessfully: true }) await (await _chromium).DisposeAsync();
        if (_host is not null) await (await _host).DisposeAsync();
    }
}
