using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>A browser window on the page of a silo, with what its console said.</summary>
internal sealed class Window
{
    private static readonly float Patience = 120_000; // ms, beside whatever else the machine does

    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly Uri _url;

    internal Window(IPage page, Uri url)
    {
        (Page, _url) = (page, url);
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Note(true, error);
    }

    internal IPage Page { get; }

    /// <summary>Errors and warnings of the console, and exceptions that nobody caught.</summary>
    internal IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>What the address says behind <c>#</c>.</summary>
    internal string At => new Uri(Page.Url).Fragment;

    /// <summary>Opens the page afresh there.</summary>
    internal async Task Go(string at)
    {
        await Page.GotoAsync("about:blank");
        await Page.GotoAsync(new Uri(_url, at == "" ? "/" : $"/#{at}").ToString());
    }

    /// <summary>Waits until an element shows a text.</summary>
    internal Task Shows(string selector, string text) => Expect(Page.Locator(selector).First).ToContainTextAsync(text, new() { Timeout = Patience, UseInnerText = true });

    /// <summary>Waits until there are so many elements.</summary>
    internal Task Has(int count, string selector) => Expect(Page.Locator(selector)).ToHaveCountAsync(count, new() { Timeout = Patience });

    /// <summary>Waits until something in the page is true, frame by frame.</summary>
    internal Task Until(string expression) => Page.WaitForFunctionAsync(expression, null, new() { Timeout = Patience });

    internal Task Close() => Page.Context.CloseAsync();

    private void Note(bool isBad, string text)
    {
        if (isBad) _complaints.Enqueue(text);
    }
}
