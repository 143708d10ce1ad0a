using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
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
        page.Console += (_, message) => Note(message.Type is "error" or "warning", IsRefusal(message) ? $"{Status(message.Text)} {Regex.Match(message.Location, @"^https?://[^/]+([^?#]*?)(:\d+:\d+)?$").Groups[1].Value}" : message.Text);
        page.PageError += (_, error) => Note(true, error);
    }

    internal IPage Page { get; }

    /// <summary>Errors and warnings of the console, and exceptions that nobody caught; requests that failed as <c>404 /api/v1/runs/m</c>, or with what became of them as <c>net::ERR_CONNECTION_REFUSED /api/v1/live</c>.</summary>
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

    /// <summary>Requires that axe finds nothing.</summary>
    internal async Task IsAccessible()
    {
        var found = await Page.RunAxe();
        Assert.True(found.Violations.Length == 0, string.Join("\n", found.Violations.Select(violation => $"{At}: {violation.Id}, {violation.Help}: {violation.Nodes[0].Html}")));
    }

    /// <summary>The panel with a heading that begins so.</summary>
    internal ILocator Card(string heading) => Page.Locator(".card").Filter(new() { Has = Page.GetByRole(AriaRole.Heading, new() { NameRegex = new($"^{heading}") }) });

    /// <summary>How much of a colour a chart has in its column of pixels at a share of its width, as a share of its height.</summary>
    /// <param name="card">The panel of the chart.</param>
    /// <param name="x">From 0 at the left to 1 at the right.</param>
    /// <param name="token">The colour, as the style sheet calls it.</param>
    /// <param name="below">Which part of the height is looked at, from the upper edge.</param>
    internal Task<double> Ink(ILocator card, double x, string token, double below = 1) => card.Locator(".uplot canvas").EvaluateAsync<double>(
        """
        async (canvas, [x, token, below]) => {
          const { color } = await import('/app/theme.js');
          const wanted = color(token).match(/[\d.]+/g).slice(0, 3).map(part => Number(part) * (color(token).startsWith('rgb') ? 1 : 255));
          const [whole, over] = [canvas, canvas.parentElement.querySelector('.u-over')].map(element => element.getBoundingClientRect());
          const scale = canvas.width / whole.width;
          const [left, top, height] = [over.left - whole.left + x * over.width, over.top - whole.top, below * over.height].map(length => Math.round(length * scale));
          const { data } = canvas.getContext('2d').getImageData(left - 1, top, 3, height);
          const isWanted = at => data[at + 3] > 8 && wanted.every((part, i) => Math.abs(data[at + i] - part) < 40);
          return Array.from({ length: height }, (_, row) => [0, 1, 2].some(column => isWanted(4 * (3 * row + column)))).filter(Boolean).length / height;
        }
        """,
        (object[])[x, token, below]);

    internal Task Close() => Page.Context.CloseAsync();

    private static bool IsRefusal(IConsoleMessage message) => message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal);

    private static string Status(string text) => text.Split(' ').First(word => word.StartsWith("net::", StringComparison.Ordinal) || (word.Length == 3 && word.All(char.IsAsciiDigit)));

    private void Note(bool isBad, string text)
    {
        if (isBad) _complaints.Enqueue(text);
    }
}
