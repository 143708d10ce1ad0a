using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>What the page does by itself when something has come, has changed, or can be had again.</summary>
public sealed class ReturnTests(PageFixture page) : IClassFixture<PageFixture>
{
    [Fact]
    public async Task A_run_that_is_not_there_yet_is_shown_once_it_is()
    {
        var cluster = new MadeUpCluster(runs: 1);
        await using var host = await PageHost.Start(cluster);
        var window = await page.Open(host.Url, "/runs/run-1");
        await window.Shows("[role=alert]", "There is no run 'run-1'");
        await window.Shows("#status", "live");
        cluster.Begin();
        await window.Shows(".title .phase", "training");
    }

    [Fact]
    public async Task What_could_not_be_opened_is_tried_again_by_the_same_key_and_when_the_silo_answers_again()
    {
        var cluster = new MadeUpCluster(runs: 1);
        await using var host = await PageHost.Start(cluster);
        var window = await page.Open(host.Url, "/cluster");
        await window.Page.Clock.InstallAsync();
        await window.Page.RouteAsync("**/api/v1/datasets", route => route.AbortAsync());
        await window.Go("/data");
        await window.Shows("[role=alert]", "The silo does not answer");
        await window.Page.UnrouteAllAsync();
        await window.Page.Keyboard.PressAsync("d");
        await window.Shows("table", "pairs.csv");

        await window.Page.RouteAsync("**/api/v1/models", route => route.AbortAsync());
        await window.Page.Keyboard.PressAsync("m");
        await window.Shows("[role=alert]", "The silo does not answer");
        await window.Page.UnrouteAllAsync();
        cluster.IsSilent = true;
        await window.Page.Clock.FastForwardAsync(31_000);
        await window.Shows("#status", "stale since");
        cluster.IsSilent = false;
        await window.Shows("table", "rings");
    }

    [Fact]
    public async Task A_data_set_that_was_imported_meanwhile_is_in_the_list()
    {
        var cluster = new MadeUpCluster(runs: 1);
        await using var host = await PageHost.Start(cluster);
        var window = await page.Open(host.Url, "/data");
        await window.Shows("#status", "live");
        await window.Has(2, "tbody tr");
        cluster.Imports = 1;
        await window.Shows("tbody", "new.csv");
        await window.Shows(".title", "3 sets");
    }

    [Fact]
    public async Task A_newer_version_of_a_model_takes_the_place_of_the_one_before_but_not_of_one_that_the_address_names()
    {
        var cluster = new MadeUpCluster(runs: 1);
        await using var host = await PageHost.Start(cluster);
        var (window, named) = (await page.Open(host.Url, "/models/rings/card"), await page.Open(host.Url, "/models/rings/card?version=2"));
        foreach (var one in (Window[])[window, named])
        {
            await one.Shows(".prose", "A flow of");
            await one.Shows("#status", "live");
        }

        cluster.Publish("rings", 3);
        await window.Has(2, ".title .button[href*='version=3']");
        await window.Shows(".prose", "A flow of");
        await named.Has(2, ".title .button[href*='version=2']");
    }

    [Fact]
    public async Task A_run_has_the_same_colour_for_everybody_whatever_was_seen_before_it()
    {
        var (all, one) = (await page.Open("/runs"), await page.Open("/runs/run-4"));
        await one.Shows("h1", "run-4");
        await all.Shows("tbody", "run-4");
        var colours = await all.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a.run')].map(run => run.style.getPropertyValue('--run'))");
        Assert.True(colours.Distinct().Count() > 2, string.Join(' ', colours));
        Assert.Equal(
            await all.Page.Locator("a.run", new() { HasText = "run-4" }).EvaluateAsync<string>("run => run.style.getPropertyValue('--run')"),
            await one.Page.Locator("h1").EvaluateAsync<string>("run => run.style.getPropertyValue('--run')"));
    }

    [Fact]
    public async Task A_browser_that_keeps_nothing_shows_the_page_and_turns_its_colours_over()
    {
        var window = await page.Open("/cluster");
        await window.Page.AddInitScriptAsync("for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });");
        await window.Go("/cluster");
        await window.Shows("#status", "live");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Light colours" }).ClickAsync();
        await window.Until("() => document.documentElement.dataset.theme === 'light'");
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Dark colours" })).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }
}
