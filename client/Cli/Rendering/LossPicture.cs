using FlowGrain.Training;
using ScottPlot;

namespace FlowGrain.Cli.Rendering;

/// <summary>The losses of a run over its steps.</summary>
internal static class LossPicture
{
    private const int Width = 1000, Height = 560;
    private const double TopShare = 0.97, LowShare = 0.002; // the fall of the first steps would flatten all that follows

    internal static PictureSheet Draw(IReadOnlyList<LossPoint> history, string title, double gaussianNll)
    {
        var plot = PlotStyle.New(title, "step", "negative log-likelihood, nats per row");
        var train = plot.Add.ScatterLine(Steps(history), [.. history.Select(point => point.TrainNats)], PlotStyle.Blue.WithAlpha(0.6));
        train.LegendText = "training (mean of the round)";
        AddValidations(plot, [.. history.Where(point => point.ValidationNats is not null)]);
        if (double.IsFinite(gaussianNll)) AddGaussian(plot, gaussianNll);
        plot.ShowLegend(Alignment.UpperRight);
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
        var losses = history.Select(point => point.TrainNats).Where(double.IsFinite).Order().ToArray();
        if (losses.Length == 0) return;
        var low = losses[(int)(LowShare * (losses.Length - 1))];
        var high = Math.Max(losses[(int)(TopShare * (losses.Length - 1))], double.IsFinite(gaussianNll) ? gaussianNll : low);
        var margin = 0.08 * Math.Max(high - low, 1e-3);
        plot.Axes.SetLimits(0, 1.02 * history[^1].Step, low - margin, high + (2 * margin));
    }

    private static double[] Steps(IReadOnlyList<LossPoint> points) => [.. points.Select(point => (double)point.Step)];
}
