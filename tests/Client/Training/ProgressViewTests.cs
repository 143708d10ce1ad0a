using FlowGrain.Cli.Output;
using FlowGrain.Cli.Training;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Training;

public sealed class ProgressViewTests
{
    [Theory, InlineData(40), InlineData(80), InlineData(100), InlineData(160)]
    public void The_live_lines_are_two_and_shorter_than_the_screen(int width)
    {
        foreach (var phase in (RunPhase[])[RunPhase.Preparing, RunPhase.Training, RunPhase.Publishing, RunPhase.Finished])
        {
            var lines = Drawn(Examples.Training with { Phase = phase, Step = 123_456, Steps = 1_234_567, Seconds = 36_001 }, width);
            Assert.Equal(2, lines.Length);
            Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
        }
    }

    [Fact]
    public void Eighty_characters_show_the_bar_the_pace_and_the_time_left() =>
        Assert.Equal("━━━━━━━───────────  400/1,000 steps 40%  182.3k rows/s  0:08 elapsed, 0:12 left", Drawn(Examples.Training, 80)[0]);

    private static string[] Drawn(RunProgress progress, int width)
    {
        using var text = new StringWriter();
        Consoles.For(text, isTerminal: false, new(OutIsTerminal: false, ErrorIsTerminal: false, width, Height: 40, ColorDepth.None))
            .Write(ProgressView.Of(progress, secondsLeft: 12, [3, 2, 1], width));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
