using System.Globalization;
using FlowGrain.Cli.Rendering;
using ScottPlot;
using PlotStyle = FlowGrain.Cli.Rendering.PlotStyle;

namespace FlowGrain.Bench.Scaling;

/// <summary>What reaches the busiest node over the number of workers: lines as the formulas have it, dots and rings as it was counted.</summary>
internal static class ScalingPicture
{
    private const int Width = 1320, Height = 640, Top = 64, Half = Width / 2;
    private const double First = 75, Labels = 11_800, Last = 110_000; // workers; beyond the last dots stand the names
    private const float Line = 17; // pixels of a name

    private static readonly IReadOnlyDictionary<string, Color> Colors = new Dictionary<string, Color>
    {
        [ReductionWay.Flat.Name] = PlotStyle.Vermilion,
        [ReductionWay.Ranged.Name] = Color.FromHex("#E69F00"),
        [ReductionWay.Tree.Name] = Color.FromHex("#CC79A7"),
        [ReductionWay.Combined.Name] = PlotStyle.Blue,
        [ReductionWay.CombinedAndRanged.Name] = Color.FromHex("#009E73"),
    };

    internal static void Save(IReadOnlyList<RoundFigures> figures, string path)
    {
        var size = figures[0].Size;
        using var sheet = new PictureSheet(Width, Height);
        sheet.Write(
            [string.Create(CultureInfo.InvariantCulture, $"What reaches the busiest node in a round: D = {size.Parameters:N0} parameters (B = {size.Bytes / 1024:N0} KiB), N = {size.Silos} silos, A = {size.Ranges} ranges, k = {size.FanIn}"),
             "lines: the formulas; dots: counted where the sums arrive; rings: the whole messages, which also say who computed which shard"], Width / 2, top: 6, PlotStyle.TitleSize);
        var bytes = Panel(figures, "bytes", figure => figure.Busiest.Sums, way => way.Bytes, [1e5, 1e6, 1e7, 1e8, 1e9, 1e10], BytesLabel);
        foreach (var figure in figures) AddRing(bytes, figure);
        sheet.Place(bytes, 0, Top, Half, Height - Top);
        sheet.Place(Panel(figures, "messages", figure => figure.Busiest.Messages, way => way.Messages, [1, 10, 100, 1e3, 1e4], CountLabel), Half, Top, Half, Height - Top);
        sheet.Save(path);
    }

    private static Plot Panel(
        IReadOnlyList<RoundFigures> figures, string name, Func<RoundFigures, double> counted, Func<ReductionWay, Formula> formula, double[] marks, Func<double, string> label)
    {
        var plot = PlotStyle.New("logical workers, W", $"{name} into the busiest node in a round");
        plot.Axes.Bottom.TickGenerator = Marks([100, 1e3, 1e4], CountLabel);
        plot.Axes.Left.TickGenerator = Marks(marks, label);
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        foreach (var way in figures.GroupBy(figure => figure.Way)) Draw(plot, [.. way], counted, formula(way.Key));
        foreach (var same in figures.GroupBy(figure => figure.Way).GroupBy(way => formula(way.Key).Of(way.Last().Size)))
            Name(plot, [.. same.Select(way => way.Key)], formula, same.Key);
        plot.Axes.SetLimits(Math.Log10(First), Math.Log10(Last), Math.Log10(marks[0]), Math.Log10(marks[^1]) + 0.2);
        return plot;
    }

    private static void Draw(Plot plot, IReadOnlyList<RoundFigures> figures, Func<RoundFigures, double> counted, Formula formula)
    {
        var color = Colors[figures[0].Way.Name];
        double[] workers = [.. figures.Select(figure => Math.Log10(figure.Size.Workers))];
        var line = plot.Add.ScatterLine(workers, [.. figures.Select(figure => Math.Log10(formula.Of(figure.Size)))], color);
        line.LineWidth = 2;
        plot.Add.ScatterPoints(workers, [.. figures.Select(figure => Math.Log10(counted(figure)))], color).MarkerSize = 9;
    }

    private static void AddRing(Plot plot, RoundFigures figure)
    {
        var ring = plot.Add.Marker(Math.Log10(figure.Size.Workers), Math.Log10(figure.Busiest.Whole), MarkerShape.OpenCircle, 15, Colors[figure.Way.Name]);
        ring.MarkerLineWidth = 2;
    }

    /// <summary>Names the lines that end at one height, one below the other.</summary>
    private static void Name(Plot plot, IReadOnlyList<ReductionWay> ways, Func<ReductionWay, Formula> formula, double height)
    {
        foreach (var (index, way) in ways.Index())
        {
            var text = plot.Add.Text($"{way.Name}: {formula(way).Text}", Math.Log10(Labels), Math.Log10(height));
            text.OffsetY = (index - (ways.Count - 1) / 2f) * Line;
            text.LabelFontColor = Colors[way.Name];
            text.LabelFontSize = PlotStyle.NameSize;
            text.LabelAlignment = Alignment.MiddleLeft;
        }
    }

    private static ITickGenerator Marks(double[] values, Func<double, string> label) =>
        new ScottPlot.TickGenerators.NumericManual([.. values.Select(Math.Log10)], [.. values.Select(label)]);

    private static string CountLabel(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string BytesLabel(double bytes) => bytes switch
    {
        >= 1e9 => $"{bytes / 1e9:F0} GB",
        >= 1e6 => $"{bytes / 1e6:F0} MB",
        _ => $"{bytes / 1e3:F0} kB",
    };
}
