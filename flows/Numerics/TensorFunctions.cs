using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Numerics;

/// <summary>Functions that TorchSharp has only in a form that makes scalars of its own; see <see cref="Scalars"/>.</summary>
internal static class TensorFunctions
{
    extension(Tensor x)
    {
        /// <summary>x + y.</summary>
        internal Tensor Plus(Tensor y) => x.add(y, Scalars.One);

        /// <summary>x + y for a constant that somebody keeps.</summary>
        internal Tensor Plus(Scalar y) => x.add(y, Scalars.One);

        /// <summary>x².</summary>
        internal Tensor Squared() => x * x;

        /// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), without overflow.</summary>
        internal Tensor Softplus() => x.relu().Plus((-x.abs()).exp().log1p());

        /// <summary>1 − x.</summary>
        internal Tensor OneMinus() => (-x).Plus(Scalars.One);
    }
}
