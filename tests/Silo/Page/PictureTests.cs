using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>Pictures for those who do not see them, or have no pointer.</summary>
public sealed class PictureTests(PageFixture page) : IClassFixture<PageFixture>
{
    [Theory]
    [InlineData("/models/rings", "Density", "y by x")]
    [InlineData("/models/wide", "Pairs", "correlation")]
    [InlineData("/models/rings/layers", "Every layer", "coupling 1")]
    [InlineData("/models/rings/samples", "Samples", "y by x")]
    [InlineData("/runs/run-0/rounds", "Where the time went", "shard 7")]
    [InlineData("/data/0123456789abcdef", "Columns", "from")]
    [InlineData("/try?model=rings&row=1,2", "Where it lies", "y by x")]
    public async Task Behind_a_picture_is_a_table_of_what_it_shows(string at, string heading, string text)
    {
        var window = await page.Open(at);
        await window.Card(heading).GetByRole(AriaRole.Button, new() { Name = "table", Exact = true }).ClickAsync();
        await Expect(window.Card(heading).Locator(".behind")).ToContainTextAsync(text);
        await Expect(window.Card(heading).Locator(".behind tbody tr").Last).ToContainTextAsync(new Regex(@"\d"));
        await window.IsAccessible();
        await window.Close();
    }

    [Fact]
    public async Task The_table_of_a_density_has_its_ring()
    {
        var window = await page.Open("/models/rings");
        await window.Until("() => document.querySelector('.frame canvas')?.width === 224");
        await window.Card("Density").GetByRole(AriaRole.Button, new() { Name = "table", Exact = true }).ClickAsync();
        await window.Has(12, ".behind:not([hidden]) tbody tr");
        var middle = await window.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.behind:not([hidden]) tbody tr:nth-child(6) td')].slice(1).map(cell => cell.innerText.replace('−', '-'))");
        var densities = middle.Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.True(densities[2] > -1 && densities[5] < -10, string.Join(' ', middle)); // on the ring and in its middle
    }

    [Fact]
    public async Task Arrows_go_along_a_chart_and_plus_looks_closer()
    {
        var window = await page.Open("/runs/run-0");
        await window.Shows("main", "Straggler ratio");
        var chart = window.Page.GetByRole(AriaRole.Slider, new() { NameRegex = new("^Loss, as a chart") });
        await chart.FocusAsync();
        await chart.PressAsync("ArrowLeft");
        await Expect(chart).ToHaveAttributeAsync("aria-valuetext", new Regex("^step 999: training 4"));
        await chart.PressAsync("ArrowLeft");
        await Expect(chart).ToHaveAttributeAsync("aria-valuetext", new Regex("^step 998: "));
        await chart.PressAsync("Home");
        await Expect(chart).ToHaveAttributeAsync("aria-valuetext", new Regex("^step 0: training 7"));
        await chart.PressAsync("End");
        await chart.PressAsync("+");
        await window.Until("() => { const words = new URLSearchParams(location.hash.split('?')[1]); return Math.abs(words.get('from') - 500) < 3 && words.get('to') === '999'; }");
        await chart.PressAsync("-");
        await window.Until("() => !location.hash.includes('from')");
    }

    [Fact]
    public async Task Arrows_go_over_a_density_and_Enter_asks_about_the_place()
    {
        var window = await page.Open("/models/rings");
        await window.Shows("main", "at the pointer");
        var box = window.Page.GetByRole(AriaRole.Application, new() { NameRegex = new("^The density of y by x") });
        await box.FocusAsync();
        await box.PressAsync("ArrowRight");
        await window.Shows(".under", "x 0   y 0");
        await box.PressAsync("ArrowUp");
        await window.Shows(".under", "x 0   y 0.145");
        await box.PressAsync("Enter");
        await window.Until("() => location.hash.startsWith('#/try?model=rings&version=2&row=0%2C0.145')");
    }

    [Fact]
    public async Task Another_view_begins_at_its_heading_and_tabs_keep_the_focus()
    {
        var window = await page.Open("/cluster");
        await window.Shows("main", "127.0.0.1:11111");
        await Expect(window.Page.Locator("h1:focus")).ToHaveCountAsync(0);
        await window.Page.Keyboard.PressAsync("r");
        await Expect(window.Page.Locator("h1:focus")).ToHaveTextAsync("Runs");
        await window.Page.Locator("a.run").First.PressAsync("Enter");
        await Expect(window.Page.Locator("h1:focus")).ToContainTextAsync("run-0");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Plan and data" }).PressAsync("Enter");
        await Expect(window.Page.Locator(".tabs a:focus")).ToHaveTextAsync("Plan and data");
    }

    [Fact]
    public async Task Rows_beside_draws_of_a_conditioned_model_are_those_of_about_the_same_context()
    {
        var window = await page.Open("/models/along/samples?given=0.5");
        await window.Shows("main", "200 rows of 50,000, the nearest: z ");
        await window.Shows("main", "200 draws of the model given z 0.5");
        var ends = Regex.Match(await window.Card("Data").InnerTextAsync(), @"nearest: z (\S+) to (\S+)").Groups.Values.Skip(1).Select(end => double.Parse(end.Value.Replace('−', '-'), System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.InRange(ends[0], 0, 0.499);
        Assert.InRange(ends[1], 0.501, 1);
    }

    [Fact]
    public async Task Stamps_take_no_models_place_in_memory()
    {
        await using var host = await PageHost.Start();
        var window = await page.Open(host.Url, "/cluster");
        await window.Until("() => { const stamps = [...document.querySelectorAll('.gallery canvas')]; return stamps.length === 5 && stamps.every(stamp => stamp.width > 1); }");
        Assert.Contains(host.Changes, change => change == "POST /api/v1/models/rings/log-densities?version=2&look=true");
        Assert.DoesNotContain(host.Changes, change => !change.Contains("look=true"));
    }

    [Fact]
    public async Task A_verdict_says_at_which_rate_and_one_that_there_is_not_has_no_place()
    {
        await using var host = await PageHost.Start();
        var window = await page.Open(host.Url, "/try?model=rings&row=1,2");
        await window.Shows("main", "less likely than 99 in 100");
        await window.Has(1, ".position");
        Assert.Contains(host.Changes, change => change.Contains("""{"name":"rate","shape":[1],"datatype":"FP64","data":[0.01]}"""));
        await window.Go("/try?model=given&row=1,0.5");
        await window.Shows("main", "Nobody can tell");
        await window.Has(0, ".position");
    }
}
