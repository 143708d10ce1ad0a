using static TorchSharp.torch;

namespace FlowGrain.Flows.Numerics;

/// <summary>The largest singular value of a matrix, by power iteration to convergence.</summary>
/// <remarks>
/// <para>Squaring the Gram matrix k times makes 2ᵏ iterations at once: with k = 12, the value is short by a part in 10⁵ at most, however near
/// the second one is. Nothing is kept between calls, so it is a function of the matrix alone, in training and for published
/// weights. The gradient is that of vᵀWu with both singular vectors held.</para>
/// <para>Source: Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks", https://arxiv.org/abs/1802.05957; Gouk et
/// al. 2021, https://arxiv.org/abs/1804.04368, for the bound on a net.</para>
/// </remarks>
internal static class SpectralNorm
{
    private const int Squarings = 12;
    private const int SquaringsOfAScale = 3; // of a matrix of trace 1: the largest eigenvalue is then n⁻⁸ at least, which float32 holds for every n

    /// <summary>A scalar.</summary>
    internal static Tensor Of(Tensor matrix)
    {
        var (left, right) = Vectors(matrix);
        return left.dot(matrix.mv(right));
    }

    private static (Tensor Left, Tensor Right) Vectors(Tensor matrix)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var isWide = matrix.shape[0] < matrix.shape[1];
        var across = isWide ? matrix.t() : matrix;
        var right = Leading(across.t().matmul(across));
        var left = Unit(across.mv(right));
        return isWide ? (right.MoveToOuterDisposeScope(), left.MoveToOuterDisposeScope()) : (left.MoveToOuterDisposeScope(), right.MoveToOuterDisposeScope());
    }

    /// <summary>The leading eigenvector: all columns of a high power point along it, that of the largest diagonal entry for certain.</summary>
    private static Tensor Leading(Tensor gram)
    {
        for (var i = 0; i < Squarings; i++)
        {
            if (i % SquaringsOfAScale == 0) gram = gram / gram.trace().clamp_min(Scalars.LeastNormal);
            gram = gram.matmul(gram);
        }

        return Unit(gram.index_select(1, gram.diagonal().argmax().unsqueeze(0)).squeeze(1));
    }

    private static Tensor Unit(Tensor vector)
    {
        var scaled = vector / vector.abs().amax([0]).clamp_min(Scalars.LeastNormal); // its square shall neither vanish nor overflow
        return scaled / scaled.Squared().sum().sqrt().clamp_min(Scalars.LeastNormal);
    }
}
