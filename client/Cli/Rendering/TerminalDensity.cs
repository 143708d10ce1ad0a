using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>A density in the terminal, with the data beside it where there is any and room for both.</summary>
internal sealed class TerminalDensity
{
    private const int Gutter = 9, Gap = 2, WidestImage = 100, NarrowestPair = 40;
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
        var pictures = Picture(flow).Zip(ShowsData && data is not null ? Picture(Counted(flow, data)) : Enumerable.Repeat("", Height / 2));
        if (ShowsData) yield return $"{"",Gutter}{"the flow".PadRight(Width + Gap)}the data";
        foreach (var (line, (left, right)) in pictures.Index()) yield return $"{Label(flow.Y, line),Gutter - 1} {left}{"",Gap}{right}".TrimEnd();
        yield return $"{"",Gutter}{XAxis(flow.X)}";
    }

    private IEnumerable<string> Picture(DensityGrid grid) => HalfBlocks.Draw(HeatImage.Of(grid), _terminal.OutIsTerminal ? _terminal.Color : ColorDepth.None);

    private static DensityGrid Counted(DensityGrid flow, PointCloud data) =>
        Histogram.Plane([data.X, data.Y], flow.X, flow.Y, flow.Columns, flow.Rows);

    private string Label(Axis y, int line)
    {
        var text = line == 0 ? Figures.Value(y.High)
            : line == (Height / 2) - 1 ? Figures.Value(y.Low)
            : line == Height / 4 ? y.Name : "";
        return text.Length < Gutter ? text : text[..(Gutter - 1)];
    }

    private string XAxis(Axis x)
    {
        var (low, high) = (Figures.Value(x.Low), Figures.Value(x.High));
        var middle = Math.Max(0, Width - low.Length - high.Length);
        var name = x.Name.Length < middle ? x.Name : "";
        return low + name.PadLeft((middle + name.Length) / 2).PadRight(middle) + high;
    }
}
