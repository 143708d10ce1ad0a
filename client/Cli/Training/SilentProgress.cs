using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgress : IProgressDisplay
{
    /// <inheritdoc />
    public async Task<RunProgress> Follow(IAsyncEnumerable<RunProgress> updates) => await updates.LastAsync();
}
