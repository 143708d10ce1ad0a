using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Tests.Flows.Optimization;

public sealed class GradientsTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(7), InlineData(8), InlineData(9), InlineData(1000), InlineData(1023)]
    public void The_sum_of_squares_is_the_sum_of_squares(int length)
    {
        var gradient = Random(length);
        var expected = gradient.Sum(g => (double)g * g);
        Assert.Equal(expected, Gradients.SumOfSquares(gradient), 1e-12 * (1 + expected));
    }

    [Fact]
    public void Its_bits_are_those_of_eight_interleaved_sums_on_every_machine()
    {
        var gradient = Random(1019);
        var lanes = new double[8];
        for (var i = 0; i < 1016; i++) lanes[i % 8] += (double)gradient[i] * gradient[i];
        double Quad(int first) => lanes[first] + lanes[first + 1] + (lanes[first + 2] + lanes[first + 3]);
        var expected = Quad(0) + Quad(4);
        foreach (var last in gradient[1016..]) expected += (double)last * last;
        Assert.Equal(expected, Gradients.SumOfSquares(gradient));
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void One_entry_that_is_not_finite_shows(float bad)
    {
        foreach (var place in new[] { 0, 500, 1018 })
        {
            var gradient = Random(1019);
            gradient[place] = bad;
            Assert.False(double.IsFinite(Gradients.SumOfSquares(gradient)));
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Slices_at_multiples_of_the_chunk_have_the_sum_of_the_whole_bit_for_bit(int chunks)
    {
        var gradient = Random(3 * Gradients.SquaresChunk + 17);
        var cut = chunks * Gradients.SquaresChunk;
        var slices = Gradients.SumsOfSquares(gradient.AsSpan(0, cut)).Concat(Gradients.SumsOfSquares(gradient.AsSpan(cut)));
        Assert.Equal(Gradients.SumOfSquares(gradient), Gradients.Total(slices));
    }

    [Fact]
    public void Squares_beyond_float_do_not_overflow() => Assert.Equal(3e60, Gradients.SumOfSquares([1e30f, 1e30f, -1e30f]), 1e54);

    [Theory, InlineData(2, 5, 1), InlineData(5, 5, 1), InlineData(10, 5, 0.5), InlineData(0, 5, 1)]
    public void Clipping_only_shortens(double norm, double most, double factor) => Assert.Equal(factor, Gradients.ClipFactor(norm, most));

    [Theory, InlineData(1), InlineData(8), InlineData(1003)]
    public void Adding_adds_every_element(int length)
    {
        var (sum, other) = (Random(length), Random(length, seed: 2));
        var expected = sum.Zip(other, (a, b) => a + b).ToArray();
        Gradients.Add(sum, other);
        Assert.Equal(expected, sum);
    }

    private static float[] Random(int length, long seed = 1)
    {
        var random = new CounterRandom(seed, "gradient");
        return [.. Enumerable.Range(0, length).Select(i => (float)random.Normal(i))];
    }
}
