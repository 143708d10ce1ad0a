using FlowGrain.Storage;
using ScottPlot;
using SkiaSharp;

namespace FlowGrain.Cli.Rendering;

/// <summary>A PNG with plots in rectangles of it.</summary>
internal sealed class PictureSheet : IDisposable
{
    private const int Crisp = 100; // PNG ignores quality, Skia wants a number

    private readonly SKSurface _surface;

    internal PictureSheet(int width, int height)
    {
        _surface = SKSurface.Create(new SKImageInfo(width, height));
        _surface.Canvas.Clear(SKColors.White);
    }

    internal void Place(Plot plot, int left, int top, int width, int height)
    {
        var canvas = _surface.Canvas;
        canvas.Save();
        canvas.ClipRect(new SKRect(left, top, left + width, top + height)); // a plot begins by clearing all it can reach
        plot.Render(canvas, new PixelRect(left, left + width, top + height, top));
        canvas.Restore();
    }

    internal byte[] Png()
    {
        using var image = _surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, Crisp);
        return data.ToArray();
    }

    internal void Save(string path) => WholeFile.Write(path, Png());

    /// <inheritdoc />
    public void Dispose() => _surface.Dispose();
}
