using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>A colour of a terminal's half character.</summary>
internal readonly record struct Pixel(byte R, byte G, byte B)
{
    /// <summary>Ends every colour.</summary>
    internal const string Reset = "\e[0m";

    /// <summary>The nearest of the 6×6×6 cube in the 256-colour palette.</summary>
    internal int Palette => 16 + (36 * Sixth(R)) + (6 * Sixth(G)) + Sixth(B);

    /// <summary>Gives what follows the colour as a foreground.</summary>
    internal string Foreground(ColorDepth depth) => Code(38, depth);

    /// <summary>Gives it as a background.</summary>
    internal string Background(ColorDepth depth) => Code(48, depth);

    private string Code(int ground, ColorDepth depth) => depth == ColorDepth.True ? $"\e[{ground};2;{R};{G};{B}m" : $"\e[{ground};5;{Palette}m";

    private static int Sixth(byte channel) => (int)Math.Round(channel / 255.0 * 5);
}
