using Microsoft.Playwright;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>The way from the page to the dashboard of Orleans, in a browser, on a silo that wants keys.</summary>
public sealed class GrainPageTests(GuardedSilo silo, PageFixture page) : IClassFixture<GuardedSilo>, IClassFixture<PageFixture>
{
    [Fact]
    public async Task The_key_that_was_typed_once_opens_the_dashboard_too_and_no_script_can_read_its_cookie()
    {
        var window = await page.Open(silo.Url, "/cluster");
        await window.Page.GetByLabel("Key", new() { Exact = true }).FillAsync("look");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Use it" }).ClickAsync();
        await window.Shows("#status", "live");

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Orleans" }).ClickAsync();
        await window.Shows("body", "ACTIVE SILOS");
        Assert.Equal("", await window.Page.EvaluateAsync<string>("() => document.cookie"));
    }
}
