using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class SkippedRoundsTests : IDisposable
{
    private readonly StringWriter _talk = new();
    private readonly TalkLog _log;
    private readonly SkippedRounds _rounds;

    public SkippedRoundsTests()
    {
        _log = new TalkLog(new Talk(_talk, new Terminal(false, false, 100, 40, ColorDepth.None)), verbose: false);
        _rounds = new SkippedRounds("m", _log.CreateLogger("FlowGrain.Training"));
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void A_round_that_counts_ends_the_row_and_of_many_that_do_not_the_log_has_a_few()
    {
        var inARow = 0;
        for (var round = 0; round < 250; round++)
        {
            inARow = _rounds.After(inARow, Round(round, isFinite: round % 5 == 0));
            Assert.Equal(round % 5, inARow);
        }

        Assert.Equal(
            """
            warning: Run 'm' skipped round 1: its gradient is not finite (such rounds so far: 1)
            warning: Run 'm' skipped round 12: its gradient is not finite (such rounds so far: 10)
            warning: Run 'm' skipped round 124: its gradient is not finite (such rounds so far: 100)

            """,
            _talk.ToString());
    }

    [Fact]
    public void Twenty_in_a_row_end_the_run_with_advice()
    {
        var inARow = 0;
        for (var round = 1; round < 20; round++) inARow = _rounds.After(inARow, Round(round, isFinite: false));
        var error = Assert.Throws<InvalidOperationException>(() => _rounds.After(inARow, Round(20, isFinite: false)));
        Assert.Equal("Run 'm' met 20 gradients in a row that are not finite, up to round 20; try a lower --lr, or look for extreme values in the data.", error.Message);
    }

    private static RoundStep Round(long round, bool isFinite) => new(round, isFinite ? 1 : 0, 0.1f, 0.9f, null);
}
