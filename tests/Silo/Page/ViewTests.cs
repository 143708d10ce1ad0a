using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>Every view of the page, over answers that are made up.</summary>
public sealed class ViewTests(PageFixture page) : IClassFixture<PageFixture>
{
    public static TheoryData<string, string> Views => new()
    {
        { "/cluster", "127.0.0.1:11111" },
        { "/runs", "run-5" },
        { "/runs?sel=run-0@1,run-1@1&smooth=0.8", "run-1@1" },
        { "/runs/run-0", "Straggler ratio" },
        { "/runs/run-0/rounds", "shard.compute" },
        { "/runs/run-0/plan", "20,000" },
        { "/runs/run-0/result", "It has not finished" },
        { "/runs/run-4/result", "the same plan on the same data comes to the same bits" },
        { "/runs/run-4/rounds", "No round of it was traced" },
        { "/models", "champion" },
        { "/models/rings", "at the pointer" },
        { "/models/given", "given carat" },
        { "/models/wide", "the first 6 of 7 columns" },
        { "/models/days", "2022-07" },
        { "/models/rings/samples", "draws of the model" },
        { "/models/along/samples?given=0.5", "draws of the model given z 0.5" },
        { "/models/rings/layers", "coupling 1" },
        { "/models/rings/card", "rings, version 2" },
        { "/models/rings/versions", "champion names version 2" },
        { "/models/rings/serving", "Requests a second" },
        { "/data", "pairs.csv" },
        { "/data/0123456789abcdef", "histograms of 2,000 rows of 50,000" },
        { "/data/fedcba9876543210", "2023-01-08" },
        { "/try?model=rings&row=1,2", "log-density of each column" },
        { "/try?model=days&row=19100.5,1", "2022-04-18" },
        { "/try?model=given&row=1,0.5", "Nobody can tell" },
    };

    [Theory, MemberData(nameof(Views))]
    public async Task A_view_opens_from_its_address_says_nothing_in_the_console_and_is_accessible_in_light_and_dark(string at, string text)
    {
        var window = await page.Open(at);
        await window.Shows("main", text);
        await window.Shows("#status", "live");
        await window.IsAccessible();
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await window.Until("() => document.documentElement.dataset.theme === 'light'");
        await window.IsAccessible();
        Assert.Empty(window.Complaints);
        await window.Close();
    }

    [Theory]
    [InlineData("/cluster", "Keys")]
    [InlineData("/runs/run-0", "Pause")]
    [InlineData("/models/rings/versions", "Name a version")]
    public async Task A_dialogue_is_accessible_in_light_and_dark(string at, string button)
    {
        var window = await page.Open(at);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await window.Has(1, "dialog[open]");
        await window.IsAccessible();
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await window.Until("() => document.documentElement.dataset.theme === 'light'");
        await window.IsAccessible();
        await window.Close();
    }

    [Fact]
    public async Task The_address_holds_what_is_chosen_and_the_back_button_undoes_it()
    {
        var window = await page.Open("/runs");
        await window.Page.GetByLabel("Compare run-1@1").CheckAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "log axis" }).ClickAsync();
        Assert.Equal("#/runs?sel=run-1%401&log=1", window.At);

        await window.Page.ReloadAsync();
        await Expect(window.Page.GetByLabel("Compare run-1@1")).ToBeCheckedAsync();
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "log axis" })).ToHaveAttributeAsync("aria-pressed", "true");

        await window.Page.GoBackAsync();
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "log axis" })).ToHaveAttributeAsync("aria-pressed", "false");
        await window.Page.GoBackAsync();
        await Expect(window.Page.GetByLabel("Compare run-1@1")).Not.ToBeCheckedAsync();
    }

    [Fact]
    public async Task A_stretch_that_is_drawn_on_a_chart_is_in_the_address_and_every_chart_shows_it()
    {
        var window = await page.Open("/runs/run-0?from=200&to=400");
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "whole run" })).ToBeVisibleAsync();
        var over = window.Page.Locator(".u-over").First;
        var box = (await over.BoundingBoxAsync())!;
        await window.Page.Mouse.MoveAsync(box.X + box.Width / 4, box.Y + 50);
        await window.Page.Mouse.DownAsync();
        await window.Page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + 60);
        await window.Page.Mouse.UpAsync();
        await window.Until("() => { const said = new URLSearchParams(location.hash.split('?')[1]); return Math.abs(said.get('from') - 250) <= 2 && Math.abs(said.get('to') - 300) <= 2; }");
    }

    [Fact]
    public async Task Letters_go_places_and_are_off_while_typing()
    {
        var window = await page.Open("/cluster");
        await window.Shows("#status", "live");
        foreach (var (key, title) in ((string, string)[])[("r", "Runs"), ("m", "Models"), ("d", "Data"), ("c", "Cluster"), ("t", "Try it"), ("r", "Runs")])
        {
            await window.Page.Keyboard.PressAsync(key);
            await window.Shows("h1", title);
        }

        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("run-3 md");
        await Expect(window.Page.GetByLabel("Search runs")).ToHaveValueAsync("run-3 md");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Runs");
        await window.Page.GetByLabel("Search runs").FillAsync("run-3");
        await window.Has(1, "tbody tr");

        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.Keyboard.PressAsync("?");
        await window.Shows("dialog", "Keys");
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Has(0, "dialog");
    }

    [Fact]
    public async Task Colours_follow_the_system_until_they_are_chosen_and_the_choice_is_kept()
    {
        var window = await page.Open("/cluster", isDark: true);
        Assert.True(await IsDark(window));
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await window.Until("() => document.documentElement.dataset.theme === 'light'");
        Assert.False(await IsDark(window));

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Dark colours" }).ClickAsync();
        Assert.True(await IsDark(window));
        await window.Page.ReloadAsync();
        await window.Until("() => document.documentElement.dataset.theme === 'dark'");
        Assert.True(await IsDark(window));
    }

    [Fact]
    public async Task Silence_is_called_stale_a_dead_connection_is_begun_again_and_one_that_never_spoke_too()
    {
        var cluster = new MadeUpCluster(runs: 1);
        await using var host = await PageHost.Start(cluster);
        var window = await page.Open(host.Url, "/cluster");
        await window.Page.Clock.InstallAsync();
        await window.Go("/cluster");
        await window.Shows("#status", "live");
        cluster.IsSilent = true;
        await window.Page.Clock.FastForwardAsync(16_000);
        await window.Shows("#status", "nothing is heard");
        await window.Shows("#status", "stale since");
        await window.Page.EvaluateAsync("() => { window.told = 0; new MutationObserver(() => window.told++).observe(document.querySelector('#status [role=status]'), { subtree: true, childList: true, characterData: true }); }");
        await window.Page.Clock.FastForwardAsync(15_000);
        await window.Shows("#status", "reconnecting…"); // it is connected, and hears nothing
        await window.Page.Clock.FastForwardAsync(31_000);
        await window.Shows("#status", "reconnecting in");
        Assert.Equal(0, await Told(window)); // the countdown is seen and not read out
        await window.Page.Clock.PauseAtAsync(await window.Page.EvaluateAsync<DateTime>("() => new Date(Date.now() + 200)")); // no second passes any more
        cluster.IsSilent = false;
        await window.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))"); // the person comes back
        await window.Shows("#status", "live");
        Assert.Equal(1, await Told(window));
        Assert.True(await window.Page.EvaluateAsync<bool>("async () => (await import('/app/serving.js')).servingOf('rings').lines[0].figures.includes(null)"), "the time without news is no gap");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_fault_of_the_API_is_shown_with_its_sentence()
    {
        var window = await page.Open("/runs/nobody");
        await window.Shows("[role=alert]", "There is no run 'nobody'");

        await window.Go("/runs/run-0");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await window.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await window.Shows("dialog [role=alert]", "its silo is about to end; try again.");
    }

    [Fact]
    public async Task A_function_of_a_model_that_answers_is_named_and_leads_to_the_model()
    {
        var window = await page.Open("/cluster");
        await window.Shows("table[aria-label=Serving] tr:nth-child(2)", "rings detect");
        await window.Has(2, "table[aria-label=Serving] a[href='#/models/rings/serving']");
        await window.Shows("table[aria-label=Serving] tr:nth-child(3) .bad", "7"); // it answers errors alone
        await window.Page.Locator("table[aria-label=Serving] a").Nth(1).ClickAsync();
        await window.Shows(".legend", "detect answered");
        await window.Shows(".legend", "detect failed");
        await window.Shows("main", "requests that wait");
    }

    [Fact]
    public async Task A_date_is_typed_and_shown_as_one_and_is_days_in_the_address()
    {
        var window = await page.Open("/try?model=days&row=19100.5,1");
        var day = window.Page.GetByLabel("day", new() { Exact = true });
        await Expect(day).ToHaveValueAsync("2022-04-18 12:00");
        await day.FillAsync("2022-05-01");
        await window.Until("() => location.hash.endsWith('row=19113%2C1')");
        await window.Shows(".reasons", "day 2022-05-01");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_table_behind_a_chart_has_its_numbers()
    {
        var window = await page.Open("/runs/run-0");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "table" }).First.ClickAsync();
        await window.Has(1000, ".behind:not([hidden]) tbody tr");
    }

    [Fact]
    public async Task Markup_in_a_card_stays_text()
    {
        var window = await page.Open("/models/rings/card");
        await window.Shows(".prose", "<img src=x onerror=alert(1)> there.");
        await window.Has(0, ".prose img, .prose a");
        await window.Has(1, ".prose strong");
    }

    [Fact]
    public async Task A_key_is_asked_for_where_the_API_wants_one_and_kept_in_the_window_alone()
    {
        await using var guarded = await PageHost.Start(key: "secret");
        var window = await page.Open(guarded.Url, "/cluster");
        await window.Shows("dialog", "This API wants a key");
        await window.Page.GetByLabel("Key", new() { Exact = true }).FillAsync("secret");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Use it" }).ClickAsync();
        await window.Shows("main", "127.0.0.1:11111");
        Assert.Equal("secret", await window.Page.EvaluateAsync<string>("() => sessionStorage.getItem('flowgrain-key')"));
        Assert.Null(await window.Page.EvaluateAsync<string?>("() => localStorage.getItem('flowgrain-key')"));
    }

    [Fact]
    public async Task The_density_of_two_columns_is_painted_as_the_model_says()
    {
        var window = await page.Open("/models/rings");
        await window.Until("() => document.querySelector('.frame canvas')?.width === 224");
        Assert.Equal((int[])[253, 231, 37], await Pixel(window, 2, 0)); // on the ring: the brightest of viridis
        Assert.Equal((int[])[68, 1, 84], await Pixel(window, 0, 0)); // in its middle: the darkest
    }

    private static Task<int> Told(Window window) => window.Page.EvaluateAsync<int>("() => window.told");

    private static Task<bool> IsDark(Window window) => window.Page.EvaluateAsync<bool>("() => getComputedStyle(document.body).backgroundColor === 'rgb(14, 17, 21)'");

    /// <summary>The colour at a place in units of the data; the picture shows from −3.48 to 3.48.</summary>
    private static Task<int[]> Pixel(Window window, double x, double y) => window.Page.EvaluateAsync<int[]>(
        """
        ([x, y]) => {
          const canvas = document.querySelector('.frame canvas');
          const at = value => Math.floor((value + 3.48) / 6.96 * canvas.width);
          return [...canvas.getContext('2d').getImageData(at(x), canvas.width - 1 - at(y), 1, 1).data.slice(0, 3)];
        }
        """,
        (double[])[x, y]);
}
