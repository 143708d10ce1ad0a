using FlowGrain.Storage;
using ScottPlot;
using SkiaSharp;

namespace FlowGrain.Cli.Rendering;

/// <summary>A PNG with plots in rectangles of it.</summary>
internal sealed class PictureSheet : IDisposable
{
    private const float LineHeight = 1.4f; // of the size of the letters
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

    /// <summary>Writes lines, each around the same middle.</summary>
    internal void Write(IReadOnlyList<string> lines, int middle, int top, float size)
    {
        using var typeface = PictureFonts.Typeface();
        using var font = new SKFont(typeface, size);
        using var black = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        foreach (var (line, text) in lines.Index()) _surface.Canvas.DrawText(text, middle, top + ((line + 1) * LineHeight * size), SKTextAlign.Center, font, black);
    }

    /// <summary>Pixels that such lines take.</summary>
    internal static int HeightOf(IReadOnlyList<string> lines, float size) => (int)Math.Ceiling(lines.Count * LineHeight * size);

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
