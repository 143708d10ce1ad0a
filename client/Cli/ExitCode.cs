namespace FlowGrain.Cli;

/// <summary>Exit codes are contract: scripts branch on them.</summary>
internal static class ExitCode
{
    internal const int Ok = 0, Failed = 1, Usage = 2, Unreachable = 3, Interrupted = 130;

    /// <summary>What each code says, for <c>flowgrain help exit-codes</c>.</summary>
    internal static IReadOnlyDictionary<int, string> Meanings { get; } = new SortedDictionary<int, string>
    {
        [Ok] = "done",
        [Failed] = "failed",
        [Usage] = "wrong usage, or input that cannot be used",
        [Unreachable] = "cluster unreachable",
        [Interrupted] = "interrupted by Ctrl+C or SIGTERM",
    };
}
