using FlowGrain.Cli.Output;
using FlowGrain.Cli.Rendering;
using FlowGrain.Cli.Training;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Training;

public sealed class LossNameTests
{
    private static readonly Terminal Pipe = new(OutIsTerminal: false, ErrorIsTerminal: false, Width: 160, Height: 40, ColorDepth.None);

    [Fact]
    public void A_loss_that_is_no_likelihood_says_what_it_is()
    {
        var progress = Examples.Finished with { Objective = RunObjectives.FlowMatching, BestValidationNats = 0.5 };
        Assert.StartsWith("flow-matching loss: train ", ProgressFigures.Losses(progress));
        Assert.EndsWith("best validation 0.500 (flow-matching)", ProgressFigures.End(progress));
        var curve = string.Join('\n', TerminalLosses.Of(Examples.History, RunObjectives.FlowMatching, Pipe));
        Assert.Contains("flow-matching loss", curve);
        Assert.DoesNotContain("nats", curve);
    }

    [Fact]
    public void A_likelihood_is_nats()
    {
        Assert.StartsWith("train ", ProgressFigures.Losses(Examples.Finished));
        Assert.Contains("nats per row", string.Join('\n', TerminalLosses.Of(Examples.History, RunObjectives.Likelihood, Pipe)));
        Assert.Equal("negative log-likelihood, nats per row", Losses.Axis(RunObjectives.Likelihood));
    }
}
