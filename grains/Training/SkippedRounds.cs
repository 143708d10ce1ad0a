using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>The rounds of a run that change nothing because their gradient is not finite. The log has the first, the tenth, the hundredth of them.</summary>
internal sealed class SkippedRounds(string run, ILogger logger)
{
    private const int MostInARow = 20; // a run whose gradients stay infinite will not recover

    private long _count;
    private long _nextSaid = 1;

    /// <summary>How many there are in a row after a round.</summary>
    /// <param name="before">How many there were.</param>
    /// <param name="step">The round.</param>
    /// <exception cref="InvalidOperationException">They are too many.</exception>
    internal int After(int before, RoundStep step)
    {
        if (step.Scale != 0) return 0;
        if (++_count == _nextSaid) Say(step.Round);
        return before + 1 < MostInARow ? before + 1 : throw new InvalidOperationException(
            $"Run '{run}' met {MostInARow} gradients in a row that are not finite, up to round {step.Round}; try a lower --lr, or look for extreme values in the data.");
    }

    private void Say(long round)
    {
        logger.RoundSkipped(run, round, _count);
        _nextSaid *= 10;
    }
}
