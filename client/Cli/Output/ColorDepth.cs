namespace FlowGrain.Cli.Output;

/// <summary>The colours a terminal can show.</summary>
internal enum ColorDepth
{
    /// <summary>None: characters alone.</summary>
    None,

    /// <summary>The 256-colour palette.</summary>
    Palette,

    /// <summary>24 bits.</summary>
    True,
}

/// <summary>Finds out by the usual environment variables.</summary>
internal static class ColorDepths
{
    internal static ColorDepth Detect(Func<string, string?> variable)
    {
        if (variable("NO_COLOR") is { Length: > 0 }) return ColorDepth.None;
        if (variable("COLORTERM") is "truecolor" or "24bit") return ColorDepth.True;
        return variable("TERM") is null or "" or "dumb" ? ColorDepth.None : ColorDepth.Palette;
    }
}
