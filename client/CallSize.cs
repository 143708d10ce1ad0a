namespace FlowGrain.Client;

/// <summary>How many rows go into one call.</summary>
internal static class CallSize
{
    /// <summary>Most rows of a call.</summary>
    internal const int MostRows = 16_384;

    private const int MostBytes = 1 << 20; // what a message may weigh without delaying others

    /// <summary>Rows of a call.</summary>
    /// <param name="width">Numbers of a row, of eight bytes.</param>
    /// <param name="most">Most rows that the caller wants in one.</param>
    internal static int Rows(int width, int most = MostRows) => Math.Clamp(MostBytes / (sizeof(double) * width), 1, most);
}
