using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class SpectralNormTests
{
    [Theory, InlineData(1, 1), InlineData(64, 2), InlineData(2, 64), InlineData(64, 64), InlineData(1, 40)]
    public void It_is_the_largest_singular_value(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var matrix = Normals(rows, columns).to_type(dtype);
            Assert.Equal(Largest(matrix), SpectralNorm.Of(matrix).to_type(ScalarType.Float64).Item<double>(), 3e-5 * Largest(matrix));
        }
    }

    [Fact]
    public void Values_that_lie_close_together_or_are_tiny_or_huge_do_not_mislead_it()
    {
        using var scope = NewDisposeScope();
        var (left, _, right) = linalg.svd(Normals(30, 30));
        foreach (var size in new[] { 1e-6, 1, 1e6 })
        {
            var values = Enumerable.Range(0, 30).Select(i => size * (1 - 1e-4 * i)).ToArray();
            var matrix = left.matmul(tensor(values).diag()).matmul(right).to_type(ScalarType.Float32);
            Assert.InRange(SpectralNorm.Of(matrix).to_type(ScalarType.Float64).Item<double>(), size * (1 - 3e-5), size * (1 + 1e-5));
        }
    }

    [Fact]
    public void A_matrix_of_zeros_has_norm_zero() => Assert.Equal(0, SpectralNorm.Of(zeros(5, 3)).Item<float>());

    [Fact]
    public void Its_gradient_is_that_of_the_singular_value()
    {
        using var scope = NewDisposeScope();
        var (matrix, other) = (Normals(8, 6).detach(), Normals(8, 6).detach());
        (matrix.requires_grad, other.requires_grad) = (true, true);
        SpectralNorm.Of(matrix).backward();
        linalg.svdvals(other).select(0, 0).backward();
        Assert.InRange((matrix.grad! - other.grad!).abs().max().Item<double>(), 0, 1e-9);
    }

    private static double Largest(Tensor matrix) => linalg.svdvals(matrix.to_type(ScalarType.Float64)).select(0, 0).Item<double>();

    private static Tensor Normals(int rows, int columns)
    {
        var random = new CounterRandom(3, "matrix");
        return tensor(Enumerable.Range(0, rows * columns).Select(i => random.Normal(i)).ToArray(), rows, columns);
    }
}
