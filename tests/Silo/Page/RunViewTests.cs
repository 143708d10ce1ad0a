using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>What the page says of runs, over answers that are made up.</summary>
public sealed class RunViewTests(PageFixture page) : IClassFixture<PageFixture>
{
    [Fact]
    public async Task Bad_news_of_a_run_is_a_sentence_and_what_befell_it_a_line()
    {
        var window = await page.Open("/runs/run-1");
        await window.Shows(".sentences", "It works without silo 127.0.0.1:11113, which fell silent.");
        await window.Shows(".marks", "others compute what it had.");
    }

    [Fact]
    public async Task A_run_that_does_not_answer_is_shown_as_it_was_and_says_so()
    {
        var window = await page.Open($"/runs/{MadeUpCluster.Troubled}");
        await window.Shows(".sentences p:first-child", "It does not answer; what is shown of it is from before.");
        await window.Shows(".title .phase", "training");
        await window.Go("/runs/run-0");
        await window.Shows(".title .phase", "training");
        await Expect(window.Page.GetByText("It does not answer")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_round_that_failed_or_was_slow_says_so_above_its_spans()
    {
        var window = await page.Open($"/runs/{MadeUpCluster.Troubled}/rounds");
        await window.Shows(".tab .sentence.bad", "Shard 3 was computed by nobody.");
        await window.Shows(".tab .sentence.warn", "It took far longer than those before it.");
        await window.Go("/runs/run-0/rounds");
        await window.Shows(".waterfall", "shard.compute");
        await window.Has(0, ".tab .sentence");
    }

    [Theory]
    [InlineData("Loss", "7.1000")]
    [InlineData("Rows a second", "83k")]
    public async Task A_point_of_many_rounds_has_the_least_and_the_greatest_of_them_in_its_table(string chart, string highest)
    {
        var window = await page.Open("/runs/run-0");
        var card = window.Page.Locator(".card").Filter(new() { Has = window.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new($"^{chart}") }) });
        await card.GetByRole(AriaRole.Button, new() { Name = "table" }).ClickAsync();
        await Expect(card.Locator("thead")).ToContainTextAsync("highest");
        await Expect(card.Locator("thead")).ToContainTextAsync("lowest");
        await Expect(card.Locator("tbody tr").First).ToContainTextAsync(highest);
    }

    [Fact]
    public async Task An_older_version_of_a_run_is_shown_as_it_was_and_nothing_can_be_done_with_it()
    {
        var window = await page.Open($"/runs/{MadeUpCluster.Again}?version=2");
        await window.Has(3, ".versions a");
        await window.Shows(".title .phase", "stopped");
        await window.Has(0, ".title button");

        await window.Go($"/runs/{MadeUpCluster.Again}/plan?version=1");
        await window.Shows(".facts", "500");
        await window.Go($"/runs/{MadeUpCluster.Again}/result?version=1");
        await window.Shows(".tab", $"{MadeUpCluster.Again}@1");
        await window.Go($"/runs/{MadeUpCluster.Again}/rounds?version=1");
        await window.Shows(".tab", "No round of it was traced");

        await window.Go($"/runs/{MadeUpCluster.Again}");
        await window.Has(2, ".title button");
        await window.Shows(".title .phase", "training");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_loss_that_is_no_likelihood_says_what_it_is_of()
    {
        var window = await page.Open("/runs/run-1");
        await window.Shows(".figures", "flow-matching");
        await window.Shows(".tab .note", "flow-matching loss");
        await window.Go("/runs?sel=run-0@1,run-1@1");
        await window.Shows(".legend", "run-1@1, flow-matching loss");
        await window.Shows(".comparison .note", "nats per row where nothing else is said");
        await window.Shows("tbody", "flow-matching");
        await window.Go("/runs/run-0");
        await window.Shows(".tab .note", "nats per row");
    }

    [Fact]
    public async Task How_a_tab_is_looked_at_is_kept_while_another_is_shown()
    {
        var window = await page.Open("/runs/run-0?smooth=0.6&log=1&from=200&to=400");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Plan and data" }).ClickAsync();
        await window.Shows(".tab", "20,000");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Curves" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "log axis" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Equal("#/runs/run-0?smooth=0.6&log=1&from=200&to=400", window.At);
    }
}
