namespace FlowGrain.Cli.Output;

/// <summary>What stdout and stderr are connected to.</summary>
/// <param name="OutIsTerminal">Whether a person sees stdout.</param>
/// <param name="ErrorIsTerminal">Whether a person sees stderr.</param>
/// <param name="Width">Characters on a line.</param>
/// <param name="Height">Lines on the screen.</param>
/// <param name="Color">The colours it can show.</param>
internal sealed record Terminal(bool OutIsTerminal, bool ErrorIsTerminal, int Width, int Height, ColorDepth Color)
{
    private const int PipeWidth = 160, PipeHeight = 40; // wide enough that a table in a file or a log does not wrap

    internal static Terminal OfThisProcess()
    {
        var (output, error) = (!Console.IsOutputRedirected, !Console.IsErrorRedirected);
        var sized = output || error;
        return new(
            output,
            error,
            sized ? AtLeast(Console.WindowWidth, 40, PipeWidth) : PipeWidth,
            sized ? AtLeast(Console.WindowHeight, 10, PipeHeight) : PipeHeight,
            ColorDepths.Detect(Environment.GetEnvironmentVariable));
    }

    internal Terminal WithoutColor() => this with { Color = ColorDepth.None };

    // Some pseudo terminals report a size of 0.
    private static int AtLeast(int size, int least, int otherwise) => size >= least ? size : otherwise;
}
