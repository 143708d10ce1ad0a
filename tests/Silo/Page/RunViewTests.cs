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
        var loss = window.Card("Loss");
        Assert.InRange(await window.Ink(loss, x: 0.4995, "bad"), 0.3, 1); // a dashed line from top to bottom, in the middle of the steps
        Assert.Equal(0, await window.Ink(loss, x: 0.45, "bad"));
    }

    [Fact]
    public async Task A_spike_is_in_sight_and_what_lies_beyond_the_edge_in_the_first_steps_is_named()
    {
        var window = await page.Open("/runs/run-0");
        await window.Shows(".beyond", "↑ 7.1293 in the first steps");
        await window.Go($"/runs/{MadeUpCluster.Spiky}");
        await window.Shows("main", "Straggler ratio");
        var loss = window.Card("Loss");
        Assert.InRange(await window.Ink(loss, 700 / 999.0, "series-0", below: 0.5), 0.2, 1);
        Assert.Equal(0, await window.Ink(loss, 700 / 999.0, "series-0", below: 0.04)); // up to its point, which is below the edge
        Assert.Equal(0, await window.Ink(loss, MadeUpCluster.SpikeAt - 0.05, "series-0", below: 0.5));
        await Expect(loss.Locator(".beyond")).ToHaveTextAsync("");
        await window.Go($"/runs/{MadeUpCluster.Spiky}?from=690&to=710");
        await window.Shows("main", "whole run");
        Assert.InRange(await window.Ink(window.Card("Loss"), 0.5, "series-0", below: 0.5), 0.7, 1);
    }

    [Fact]
    public async Task A_gap_in_a_curve_stays_one()
    {
        var window = await page.Open($"/runs/{MadeUpCluster.Spiky}");
        await window.Shows("main", "Gradient norm");
        var norm = window.Card("Gradient norm");
        Assert.True(await window.Ink(norm, MadeUpCluster.GapFrom - 0.1, "accent") > 0);
        Assert.Equal(0, await window.Ink(norm, (MadeUpCluster.GapFrom + MadeUpCluster.GapTo) / 2, "accent"));
        Assert.True(await window.Ink(norm, MadeUpCluster.GapTo + 0.1, "accent") > 0);
    }

    [Fact]
    public async Task A_run_that_is_gone_is_named_and_the_others_are_compared()
    {
        var window = await page.Open("/runs?sel=run-9@1,run-0@1,run-4@1");
        await window.Shows(".comparison .sentence", "run-9@1 is not shown: There is no run 'run-9'");
        await window.Shows(".comparison .legend", "run-0@1");
        await window.Shows(".comparison .legend", "run-4@1");
    }

    [Fact]
    public async Task A_curve_in_a_line_of_a_list_knows_the_step_of_each_of_its_points()
    {
        var window = await page.Open("/data"); // which has no such lines
        await window.Shows("#status", "live");
        var steps = await window.Page.EvaluateAsync<int[]>(
            """
            async () => {
              const { lossOf } = await import('/app/curves.js');
              const run = { run: 'run-3', version: 1, phase: 'training', trainNll: 4, step: 20000 };
              await new Promise(ready => lossOf(run, ready));
              return lossOf(run).map(([step]) => step);
            }
            """);
        Assert.Equal((int[])[0, 9, 18], steps[..3]);
        Assert.Equal(20_000, steps[^1]);
    }

    [Fact]
    public async Task What_a_flow_gains_is_a_bar_from_zero()
    {
        var window = await page.Open("/runs/run-4/result");
        await window.Shows(".likelihoods", "6.4000");
        var widths = await window.Page.EvaluateAsync<double[]>("() => [...document.querySelectorAll('.likelihoods i')].map(bar => parseFloat(bar.style.width))");
        Assert.Equal((double[])[100, 92.31, 0], widths.Select(width => Math.Round(width, 2)));
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
        await window.Shows(".waterfall", "clock +50 ms"); // what began before the round that it is part of
        Assert.True(await window.Page.EvaluateAsync<bool>("() => [...document.querySelectorAll('.waterfall i')].every(bar => parseFloat(bar.style.left) >= 0)"));
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
        var card = window.Card(chart);
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
