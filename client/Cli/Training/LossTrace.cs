using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>The training losses seen so far, for the sparkline.</summary>
internal sealed class LossTrace
{
    private const int Most = 4096; // more points than any line has characters; then every second one is dropped

    private readonly List<double> _losses = [];

    internal IReadOnlyList<double> Losses => _losses;

    internal void Add(RunProgress progress)
    {
        if (!double.IsFinite(progress.TrainNats) || progress.Step == 0) return;
        _losses.Add(progress.TrainNats);
        if (_losses.Count > Most) Thin();
    }

    private void Thin()
    {
        var kept = _losses.Where((_, i) => i % 2 == 0).ToArray();
        _losses.Clear();
        _losses.AddRange(kept);
    }
}
