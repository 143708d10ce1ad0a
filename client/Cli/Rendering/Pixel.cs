namespace FlowGrain.Cli.Rendering;

/// <summary>A colour of a terminal's half character.</summary>
internal readonly record struct Pixel(byte R, byte G, byte B)
{
    /// <summary>The nearest of the 6×6×6 cube in the 256-colour palette.</summary>
    internal int Palette => 16 + (36 * Sixth(R)) + (6 * Sixth(G)) + Sixth(B);

    private static int Sixth(byte channel) => (int)Math.Round(channel / 255.0 * 5);
}
