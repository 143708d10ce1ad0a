using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>A density in the terminal, with the data beside it where there is any and room for both.</summary>
internal sealed class TerminalDensity
{
    private const int Gutter = 12, Gap = 2, WidestImage = 100, NarrowestPair = 40; // the longest figure is like -3.5154E+05
    private const double Aspect = 0.62; // height to width, in square pixels
    private const int LinesBesideImage = 6; // title, axis and prompt must stay on the screen

    private readonly Terminal _terminal;

    internal TerminalDensity(Terminal terminal, bool hasData)
    {
        _terminal = terminal;
        var room = terminal.Width - Gutter - 1;
        ShowsData = hasData && (room - Gap) / 2 >= NarrowestPair;
        Width = Math.Min(WidestImage, ShowsData ? (room - Gap) / 2 : room);
        Height = 2 * Math.Max(4, Math.Min(terminal.Height - LinesBesideImage, (int)(Width * Aspect / 2)));
    }

    /// <summary>Pixels across.</summary>
    internal int Width { get; }

    /// <summary>Pixels down.</summary>
    internal int Height { get; }

    internal bool ShowsData { get; }

    internal IEnumerable<string> Lines(DensityGrid flow, PointCloud? data)
    {
        string[][] pictures = ShowsData && data is not null ? [Picture(Counted(flow, data)), Picture(flow)] : [Picture(flow)];
        if (pictures.Length == 2) yield return $"{"",Gutter}{"the data".PadRight(Width + Gap)}the flow";
        for (var line = 0; line < Height / 2; line++)
            yield return $"{Label(flow.Y, line),Gutter - 1} {string.Join(new string(' ', Gap), pictures.Select(picture => picture[line]))}".TrimEnd();
        yield return $"{"",Gutter}{XAxis(flow.X)}";
    }

    private string[] Picture(DensityGrid grid) => [.. HalfBlocks.Draw(HeatImage.Of(grid), _terminal.OutIsTerminal ? _terminal.Color : ColorDepth.None)];

    private static DensityGrid Counted(DensityGrid flow, PointCloud data) =>
        Histogram.Plane([data.X, data.Y], flow.X, flow.Y, flow.Columns, flow.Rows);

    private string Label(Axis y, int line)
    {
        var text = line == 0 ? y.Figure(y.High)
            : line == (Height / 2) - 1 ? y.Figure(y.Low)
            : line == Height / 4 ? y.Name : "";
        return Fitting.Cut(text, Gutter - 1);
    }

    private string XAxis(Axis x)
    {
        var (low, high) = (x.Figure(x.Low), x.Figure(x.High));
        var middle = Math.Max(0, Width - low.Length - high.Length);
        var name = Fitting.Cut(x.Name, middle - Gap);
        return low + name.PadLeft((middle + name.Length) / 2).PadRight(middle) + high;
    }
}
