using FlowGrain.Cli.Rendering;
using FlowGrain.Training;
using SkiaSharp;

namespace FlowGrain.Tests.Client.Rendering;

public sealed class PictureTests
{
    private static readonly DensityGrid Grid = new(new("longitude", -3, 3), new("latitude", -3, 3), Bump(80, 60), "exact");

    [Fact]
    public void A_density_picture_shows_viridis_and_words()
    {
        using var sheet = DensityPicture.Draw(Grid, "zipcodes@1 (nsf)", data: null);
        using var picture = SKBitmap.Decode(sheet.Png());
        Assert.True(Pixels(picture).Contains(new SKColor(68, 1, 84)), "no dark end of viridis");
        Assert.True(Pixels(picture).Any(color => color is { Red: > 240, Green: > 220, Blue: < 60 }), "no bright end of viridis");
        AssertWords(picture, new SKRectI(200, 0, 700, 35));
    }

    [Fact]
    public void The_data_stand_beside_the_flow()
    {
        using var alone = DensityPicture.Draw(Grid, "flow", data: null);
        using var both = DensityPicture.Draw(Grid, "flow", new([-1, 0, 1], [0, 1, 0]));
        using var narrow = SKBitmap.Decode(alone.Png());
        using var wide = SKBitmap.Decode(both.Png());
        Assert.True(wide.Width > 1.8 * narrow.Width);
        AssertWords(wide, new SKRectI(200, 0, 700, 35));
        AssertWords(wide, new SKRectI(1020, 0, 1500, 35));
    }

    [Fact]
    public void Words_are_drawn_with_the_shipped_typeface_whatever_the_machine_has()
    {
        using var sheet = DensityPicture.Draw(Grid, "title", data: null);
        Assert.Equal(PictureFonts.Family, ScottPlot.Fonts.Default);
        using var typeface = ScottPlot.Fonts.GetTypeface(PictureFonts.Family, bold: false, italic: false);
        Assert.Equal("DejaVu Sans", typeface.FamilyName);
    }

    [Fact]
    public void Losses_have_a_picture_with_words()
    {
        using var sheet = LossPicture.Draw(Examples.History, "zipcodes@1", RunObjectives.Likelihood, gaussianNll: 7.8);
        using var picture = SKBitmap.Decode(sheet.Png());
        AssertWords(picture, new SKRectI(300, 0, 700, 35));
    }

    [Fact]
    public void Pairs_have_a_title_and_a_cell_for_every_pair()
    {
        double[] values = [.. Enumerable.Range(0, 5000).Select(i => Math.Sin(i * 0.7) * 2)];
        using var sheet = PairsPicture.Draw([new("a", -3, 3), new("b", -3, 3)], [values, values], "zipcodes@1 (nsf)");
        using var picture = SKBitmap.Decode(sheet.Png());
        AssertWords(picture, new SKRectI(0, 0, picture.Width, 44));
        Assert.True(Pixels(picture).Contains(new SKColor(68, 1, 84)), "no heat map");
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(6)]
    public void Pairs_of_any_number_of_columns_lose_nothing_at_their_edge(int columns)
    {
        using var sheet = Pairs(columns);
        AssertMargin(sheet);
    }

    [Fact]
    public void Panels_of_pairs_stand_in_straight_columns()
    {
        using var sheet = Pairs(4);
        using var picture = SKBitmap.Decode(sheet.Png());
        var rows = Enumerable.Range(0, 4).Select(row => picture.Height - 50 - 150 - (row * 314)).ToArray(); // through every panel of the first column
        Assert.Contains(Enumerable.Range(0, 200), x => rows.All(y => picture.GetPixel(x, y) is { Red: < 60, Green: < 60, Blue: < 60 })); // its left edge
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7)]
    public void Layers_and_latents_have_a_panel_each_and_lose_nothing_at_the_edge(int count)
    {
        double[] values = [.. Enumerable.Range(0, 2000).Select(i => Math.Sin(i * 0.7) * 20_000)];
        LayerCloud[] layers = [.. Enumerable.Range(0, count).Select(i => new LayerCloud($"{i} layer", new("x", -20_000, 20_000), new("y", -20_000, 20_000), new(values, values)))];
        using var clouds = LayersPicture.Draw(layers, ["zipcodes@1 (nsf)", "from the base to the data"], isPlane: true);
        using var latents = LatentPicture.Draw([.. layers.Select((_, i) => new LatentCoordinate($"z{i}", values, LatentBase.Of(values)))], ["zipcodes@1 (nsf)", "beside the base"]);
        Assert.All([clouds, latents], AssertMargin);
        using var picture = SKBitmap.Decode(clouds.Png());
        var grounds = Pixels(picture).Count(color => color == new SKColor(68, 1, 84)) / (220.0 * 220);
        Assert.InRange(grounds, 0.8 * count, count); // most of every panel is its ground
    }

    [Fact]
    public void A_latent_that_is_as_the_base_has_no_gap_and_one_that_is_moved_has_that_of_the_two_normals()
    {
        double[] normal = [.. Enumerable.Range(0, 1000).Select(i => FlowGrain.Flows.Numerics.NormalDistribution.Quantile((i + 0.5) / 1000))];
        Assert.Equal(0.0005, new LatentCoordinate("z0", normal, LatentBase.Normal).Gap, 1e-6);
        var moved = new LatentCoordinate("z0", [.. normal.Select(z => z + 1)], LatentBase.Normal);
        Assert.Equal((1, 1), (Math.Round(moved.Mean, 3), Math.Round(moved.Deviation, 2)));
        Assert.Equal(0.3829, moved.Gap, 1e-3); // 2 Φ(½) − 1
        Assert.Equal(0.3829, new LatentCoordinate("z0", moved.Values, LatentBase.Of(normal)).Gap, 2e-3);
        Assert.Equal(0.001, new LatentCoordinate("z0", normal, LatentBase.Of(normal)).Gap, 1e-6);
    }

    [Fact]
    public void Long_names_and_titles_lose_nothing_at_the_edge()
    {
        var name = string.Concat(Enumerable.Repeat("a_rather_long_name_", 8));
        var title = $"{name}: given {name}={name}, {name}";
        using var density = DensityPicture.Draw(Grid with { X = new(name, -3, 3), Y = new(name, -3, 3) }, title, data: null);
        using var curve = CurvePicture.Draw(new(new(name, -3, 3), [1, 2, 1], "exact"), title);
        using var losses = LossPicture.Draw(Examples.History, title, RunObjectives.Likelihood, gaussianNll: 7.8);
        Assert.All([density, curve, losses], AssertMargin);
    }

    [Fact]
    public void Validations_above_the_training_losses_are_in_the_picture()
    {
        var range = LossRange.Of([new(1, 5.3, null), new(2, 5.2, 5.5), new(3, 5.1, 5.6)])!;
        Assert.InRange(5.6, range.Low, range.High + 0.1);
        Assert.True(range.High >= 5.5);
    }

    private static PictureSheet Pairs(int columns)
    {
        double[] values = [.. Enumerable.Range(0, 5000).Select(i => Math.Sin(i * 0.7) * 20_000)];
        Axis[] axes = [.. Enumerable.Range(0, columns).Select(i => new Axis($"a_rather_long_name_of_column_{i}", -20_000 / Math.Pow(10, 3 * i), 20_000))];
        return PairsPicture.Draw(axes, [.. axes.Select(_ => values)], "prices@1 (nsf) given carat=1: validation NLL 8.296 nats per row, Gaussian 8.940, from 65,536 samples");
    }

    // What is cut off leaves ink on the outermost pixels.
    private static void AssertMargin(PictureSheet sheet)
    {
        using var picture = SKBitmap.Decode(sheet.Png());
        var frame = Enumerable.Range(0, picture.Width).SelectMany(x => (SKColor[])[picture.GetPixel(x, 0), picture.GetPixel(x, picture.Height - 1)])
            .Concat(Enumerable.Range(0, picture.Height).SelectMany(y => (SKColor[])[picture.GetPixel(0, y), picture.GetPixel(picture.Width - 1, y)]));
        Assert.All(frame, color => Assert.Equal(SKColors.White, color));
    }

    // Text leaves dark strokes on the white ground; without a typeface the rectangle stays white.
    private static void AssertWords(SKBitmap picture, SKRectI where)
    {
        var dark = 0;
        for (var y = where.Top; y < where.Bottom; y++)
            for (var x = where.Left; x < where.Right; x++)
                if (picture.GetPixel(x, y) is { Red: < 110, Green: < 110, Blue: < 110 }) dark++;
        Assert.True(dark > 40, $"{dark} dark pixels in {where}: no words");
    }

    private static IEnumerable<SKColor> Pixels(SKBitmap picture) => picture.Pixels;

    private static double[,] Bump(int width, int height)
    {
        var logs = new double[height, width];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                logs[y, x] = -(Math.Pow((x - (width / 2.0)) / 6, 2) + Math.Pow((y - (height / 2.0)) / 6, 2)) / 2;
        return logs;
    }
}
