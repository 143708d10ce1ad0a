using FlowGrain.Cli.Rendering;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>A density over two columns.</summary>
internal sealed class PlanePlot(Invocation cli, ModelDescription model)
{
    private const int Width = 400, Height = 320; // a cell is about two pixels of the picture, smoothed between

    internal async Task Draw(IDensityPlane plane, string? output, PointCloud? data, CancellationToken cancellation)
    {
        if (output is null) await InTerminal(plane, data, cancellation);
        else await AsPng(plane, output, data, cancellation);
    }

    private async Task InTerminal(IDensityPlane plane, PointCloud? data, CancellationToken cancellation)
    {
        var picture = new TerminalDensity(cli.Terminal, hasData: data is not null);
        var grid = await plane.On(picture.Width, picture.Height, cancellation);
        cli.Print(PlotTitle.Of(model));
        foreach (var line in picture.Lines(grid, data)) cli.Print(line);
    }

    private async Task AsPng(IDensityPlane plane, string output, PointCloud? data, CancellationToken cancellation)
    {
        var grid = await plane.On(Width, Height, cancellation);
        using var sheet = DensityPicture.Draw(grid, PlotTitle.Of(model), data);
        sheet.Save(output);
    }
}
