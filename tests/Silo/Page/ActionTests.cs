using System.Net.Http.Json;
using FlowGrain.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>What operators do on the page, over answers that are made up.</summary>
public sealed class ActionTests(PageFixture page) : IClassFixture<PageFixture>
{
    [Theory]
    [InlineData("run-1", "Pause", "stopped")]
    [InlineData("run-1", "Cancel", "stopped")]
    [InlineData("run-3", "Resume", "training")]
    public async Task What_is_done_with_a_run_is_confirmed_first_and_shown_then(string run, string verb, string phase)
    {
        await using var host = await PageHost.Start();
        var window = await page.Open(host.Url, $"/runs/{run}");
        await Press(window, verb);
        await window.Shows("dialog", $"{verb} {run}?");
        await Confirm(window, "Leave it");
        await window.Has(0, "dialog");
        Assert.Empty(host.Changes);

        await Press(window, verb);
        await Confirm(window, verb);
        await window.Shows(".title .phase", phase);
        await window.Has(0, "dialog");
        Assert.Equal([$"POST /api/v1/runs/{run}/{verb.ToLowerInvariant()}"], host.Changes);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task An_alias_is_given_moved_rolled_back_and_removed()
    {
        await using var host = await PageHost.Start();
        var window = await page.Open(host.Url, "/models/rings/versions");
        await Press(window, "Name a version");
        await window.Page.GetByLabel("Alias", new() { Exact = true }).FillAsync("challenger");
        await Confirm(window, "Name it");
        await window.Shows(".history", "challenger names version 2");
        await window.Shows(".title", "challenger");

        await PressOf(window, "challenger", "Move");
        await window.Page.GetByLabel("Version", new() { Exact = true }).FillAsync("1");
        await Confirm(window, "Move");
        await window.Shows(".history", "challenger names version 1");
        await window.Has(1, ".title .alias"); // the champion alone
        await PressOf(window, "challenger", "Roll back");
        await Confirm(window, "Roll back");
        await window.Shows(".history", "challenger names version 1 again");
        await PressOf(window, "challenger", "Remove");
        await Confirm(window, "Remove");
        await window.Shows(".history", "challenger was removed");

        await window.Has(1, "tbody tr");
        Assert.Equal(
            [
                """PUT /api/v1/models/rings/aliases/challenger {"version":"2"}""", """PUT /api/v1/models/rings/aliases/challenger {"version":"1","expected":2}""",
                "POST /api/v1/models/rings/aliases/challenger/rollback?from=1", "DELETE /api/v1/models/rings/aliases/challenger",
            ],
            host.Changes);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task What_another_did_with_an_alias_is_seen_by_who_comes_back()
    {
        await using var host = await PageHost.Start();
        var window = await page.Open(host.Url, "/models/rings/versions");
        await window.Shows(".history", "champion names version 2");
        using var other = new HttpClient { BaseAddress = host.Url };
        (await other.PutAsJsonAsync("/api/v1/models/rings/aliases/champion", new AliasOrder("1"), ApiJson.Options, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await window.Page.EvaluateAsync("() => window.dispatchEvent(new Event('focus'))");
        await window.Shows(".history", "champion names version 1");
        await window.Has(0, ".title .alias");
    }

    [Fact]
    public async Task Who_may_look_and_not_change_is_told_so_and_has_no_buttons_to_try()
    {
        await using var host = await PageHost.Start(key: "secret");
        var window = await page.Open(host.Url, "/runs/run-1");
        await window.Page.GetByLabel("Key", new() { Exact = true }).FillAsync(PageHost.Looking);
        await Press(window, "Use it");
        await window.Shows(".title", "Your key may look and not change.");
        await window.Has(0, ".title button");
        await window.Page.EvaluateAsync("() => { location.hash = '#/models/rings/versions'; }");
        await window.Shows("main", "champion names version 2");
        await window.Shows("main", "Your key may look and not change.");
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Move" })).ToHaveCountAsync(0);
    }

    private static Task Press(Window window, string button) => window.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task PressOf(Window window, string alias, string button) =>
        window.Page.Locator("tr", new() { HasText = alias }).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task Confirm(Window window, string button) => window.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
