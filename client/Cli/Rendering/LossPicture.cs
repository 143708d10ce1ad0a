using FlowGrain.Cli.Output;
using FlowGrain.Training;
using ScottPlot;

namespace FlowGrain.Cli.Rendering;

/// <summary>The losses of a run over its steps.</summary>
internal static class LossPicture
{
    private const int Width = 1000, Height = 560;

    internal static PictureSheet Draw(IReadOnlyList<LossPoint> history, string title, string objective, double gaussianNll)
    {
        if (!Losses.AreNats(objective)) gaussianNll = double.NaN; // another loss cannot be compared with it
        var plot = PlotStyle.New(title, "step", Losses.Axis(objective), Width, Height);
        var train = plot.Add.ScatterLine(Steps(history), [.. history.Select(point => point.TrainNats)], PlotStyle.Blue.WithAlpha(0.6));
        train.LegendText = "training (mean of the round)";
        AddValidations(plot, [.. history.Where(point => point.ValidationNats is not null)]);
        if (double.IsFinite(gaussianNll)) AddGaussian(plot, gaussianNll);
        plot.ShowLegend(Edge.Bottom).Alignment = Alignment.MiddleCenter; // inside, it would hide a curve
        plot.Legend.Orientation = Orientation.Horizontal;
        Frame(plot, history, gaussianNll);
        var sheet = new PictureSheet(Width, Height);
        sheet.Place(plot, 0, 0, Width, Height);
        return sheet;
    }

    private static void AddValidations(Plot plot, IReadOnlyList<LossPoint> points)
    {
        if (points.Count == 0) return;
        var line = plot.Add.Scatter(Steps(points), [.. points.Select(point => point.ValidationNats!.Value)], PlotStyle.Vermilion);
        line.LineWidth = 2;
        line.MarkerSize = points.Count > 60 ? 0 : 5;
        line.LegendText = "validation";
    }

    private static void AddGaussian(Plot plot, double nats)
    {
        var line = plot.Add.HorizontalLine(nats, 1.5f, Colors.Gray, LinePattern.Dashed);
        line.LegendText = "Gaussian (validation)";
    }

    private static void Frame(Plot plot, IReadOnlyList<LossPoint> history, double gaussianNll)
    {
        if (LossRange.Of(history) is not { } range) return;
        var (low, high) = double.IsFinite(gaussianNll) ? (Math.Min(range.Low, gaussianNll), Math.Max(range.High, gaussianNll)) : (range.Low, range.High);
        var margin = 0.08 * Math.Max(high - low, 1e-3);
        plot.Axes.SetLimits(0, 1.02 * history[^1].Step, low - margin, high + (2 * margin));
    }

    private static double[] Steps(IReadOnlyList<LossPoint> points) => [.. points.Select(point => (double)point.Step)];
}
