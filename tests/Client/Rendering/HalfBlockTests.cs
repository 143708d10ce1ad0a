using FlowGrain.Cli.Output;
using FlowGrain.Cli.Rendering;

namespace FlowGrain.Tests.Client.Rendering;

public sealed class HalfBlockTests
{
    [Fact]
    public void A_character_is_two_pixels_in_24_bit_colour()
    {
        var line = Assert.Single(HalfBlocks.Draw(TopBrightBottomDark(), ColorDepth.True));
        Assert.Equal("\e[38;2;253;231;36m\e[48;2;68;1;84m▀\e[0m", line); // the two ends of viridis
    }

    [Fact]
    public void The_palette_of_256_colours_takes_the_nearest()
    {
        var line = Assert.Single(HalfBlocks.Draw(TopBrightBottomDark(), ColorDepth.Palette));
        Assert.Equal("\e[38;5;227m\e[48;5;54m▀\e[0m", line);
    }

    [Fact]
    public void Without_colours_a_ramp_of_characters_remains()
    {
        var image = new HeatImage(3, 2);
        (image[0, 1], image[1, 1]) = (0.5, 0.5);
        (image[0, 2], image[1, 2]) = (1, 1);
        Assert.Equal(" =@", Assert.Single(HalfBlocks.Draw(image, ColorDepth.None)));
    }

    [Fact]
    public void Equal_neighbours_share_one_colour_code()
    {
        var line = Assert.Single(HalfBlocks.Draw(new HeatImage(5, 2), ColorDepth.True));
        Assert.EndsWith("▀▀▀▀▀\e[0m", line);
    }

    [Fact]
    public void The_highest_y_is_drawn_on_top()
    {
        var grid = new DensityGrid(new("x", 0, 1), new("y", 0, 1), new double[,] { { -50 }, { 0 } }, "exact");
        Assert.Equal(1, HeatImage.Of(grid)[0, 0]);
    }

    private static HeatImage TopBrightBottomDark() => new(1, 2) { [0, 0] = 1 };
}
