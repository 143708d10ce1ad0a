using ScottPlot;

namespace FlowGrain.Cli.Rendering;

/// <summary>Where the panels of a picture of pairs lie: of equal size, in straight rows and columns, with room for marks and names at the left and below.</summary>
internal sealed class PairsSheet
{
    private const int LargestCell = 340, SmallestCell = 170, Aim = 1200, Narrowest = 480;
    private const int Gap = 14, Edge = 24, Below = 50;
    private const float NameAndMarks = 36; // a turned line of text, the marks, and air between them

    private readonly int _count, _width, _top;
    private readonly string[] _title;

    internal PairsSheet(IReadOnlyList<Axis> axes, string title)
    {
        _count = axes.Count;
        Cell = Math.Clamp(Aim / _count, SmallestCell, LargestCell);
        Left = (int)Math.Ceiling(NameAndMarks + axes.Skip(1).SelectMany(Up).Select(tick => PictureText.Width(tick.Label, PlotStyle.TickSize)).DefaultIfEmpty().Max());
        _width = Math.Max(Narrowest, Left + (_count * (Cell + Gap)) + Edge);
        _title = PictureText.Lines(title, _width - (2 * Edge), PlotStyle.TitleSize);
        _top = PictureSheet.HeightOf(_title, PlotStyle.TitleSize) + Edge;
    }

    /// <summary>Pixels of a panel's side.</summary>
    internal int Cell { get; }

    private int Left { get; }

    /// <summary>The sheet with its title.</summary>
    internal PictureSheet Begin()
    {
        var sheet = new PictureSheet(_width, _top + (_count * (Cell + Gap)) + Below);
        sheet.Write(_title, _width / 2, top: Edge / 2, PlotStyle.TitleSize);
        return sheet;
    }

    /// <summary>Puts a panel into its row and column; its marks and names lie outside of it.</summary>
    internal void Place(PictureSheet sheet, Plot plot, int row, int column)
    {
        var (left, right) = (column == 0 ? Left : Gap / 2, column == _count - 1 ? Edge : Gap / 2);
        var (bottom, top) = (row == _count - 1 ? Below : Gap / 2, Gap / 2);
        plot.Layout.Fixed(new PixelPadding(left, right, bottom, top));
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = left;
        plot.Axes.Bottom.MinimumSize = plot.Axes.Bottom.MaximumSize = bottom;
        sheet.Place(plot, Left + (column * (Cell + Gap)) - left, _top + (row * (Cell + Gap)) - top, left + Cell + right, top + Cell + bottom);
    }

    /// <summary>Marks below a panel.</summary>
    internal IReadOnlyList<(double Value, string Label)> Across(Axis axis) =>
        Ticks.Few(axis, Cell, beyond: Gap / 2, label => PictureText.Width(label, PlotStyle.TickSize));

    /// <summary>Marks at the left of a panel.</summary>
    internal IReadOnlyList<(double Value, string Label)> Up(Axis axis) => Ticks.Few(axis, Cell, beyond: Gap / 2, _ => PlotStyle.TickSize);
}
