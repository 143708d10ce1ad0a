using ScottPlot;

namespace FlowGrain.Cli.Rendering;

/// <summary>A title over panels of equal size, each with marks and a name of its own, in reading order.</summary>
internal sealed class PanelSheet
{
    private const int Edge = 24, Gap = 10, Above = 30, Below = 26, Left = 48, Right = 8, Narrowest = 640;
    private const double Aspect = 1.6; // columns to rows

    private readonly int _columns, _width, _height, _left, _top, _cellWidth, _cellHeight;
    private readonly string[] _title;

    /// <summary>Room for so many panels, whose insides are so many pixels wide and high.</summary>
    internal PanelSheet(int count, IReadOnlyList<string> title, int width, int height)
    {
        var rows = Math.Max(1, (int)Math.Round(Math.Sqrt(count / Aspect)));
        _columns = (count + rows - 1) / rows;
        rows = (count + _columns - 1) / _columns;
        (_cellWidth, _cellHeight) = (Left + width + Right, Above + height + Below);
        var wide = (_columns * _cellWidth) + ((_columns - 1) * Gap);
        _width = Math.Max(Narrowest, wide + (2 * Edge));
        _left = (_width - wide) / 2;
        _title = [.. title.SelectMany(line => PictureText.Lines(line, _width - (2 * Edge), PlotStyle.TitleSize))];
        _top = PictureSheet.HeightOf(_title, PlotStyle.TitleSize) + Edge + Gap;
        _height = _top + (rows * (_cellHeight + Gap)) + (Edge / 2);
    }

    /// <summary>The sheet with its title.</summary>
    internal PictureSheet Begin()
    {
        var sheet = new PictureSheet(_width, _height);
        sheet.Write(_title, _width / 2, top: Edge / 2, PlotStyle.TitleSize);
        return sheet;
    }

    /// <summary>A plot that fits into a panel, with a few marks on its axes.</summary>
    internal Plot Panel(string name, Axis x, Axis y)
    {
        var plot = PlotStyle.New(x: "", y: "");
        plot.Title(PictureText.Cut(name, _cellWidth - Left - Right, PlotStyle.NameSize), size: PlotStyle.NameSize);
        plot.Axes.Title.Label.Bold = false;
        plot.Grid.IsVisible = false;
        plot.Axes.Bottom.TickGenerator = Ticks.At(Ticks.Few(x, _cellWidth - Left - Right, beyond: Right, label => PictureText.Width(label, PlotStyle.TickSize)));
        plot.Axes.Left.TickGenerator = Ticks.At([.. Ticks.Few(y, _cellHeight - Above - Below, beyond: 0, _ => PlotStyle.TickSize).Where(tick => PictureText.Width(tick.Label, PlotStyle.TickSize) <= Left - Right)]);
        plot.Axes.SetLimits(x.Low, x.High, y.Low, y.High);
        plot.Layout.Fixed(new PixelPadding(Left, Right, Below, Above));
        return plot;
    }

    /// <summary>Puts the panel of a number, from 0, into its place.</summary>
    internal void Place(PictureSheet sheet, Plot plot, int index) =>
        sheet.Place(plot, _left + (index % _columns * (_cellWidth + Gap)), _top + (index / _columns * (_cellHeight + Gap)), _cellWidth, _cellHeight);
}
