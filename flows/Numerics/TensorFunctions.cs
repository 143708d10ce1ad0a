using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

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

        /// <summary>softplus(x + log(e − 1)): positive, and 1 at 0.</summary>
        internal Tensor UnitSoftplus() => x.Plus(Scalars.UnitSoftplus).Softplus();

        /// <summary>As <see cref="UnitSoftplus"/>, and never below <see cref="Scalars.LeastSlope"/>: what it multiplies can be divided by it again in float32.</summary>
        internal Tensor UnitSlope() => x.UnitSoftplus().mul(Scalars.BesideLeastSlope).Plus(Scalars.LeastSlope);

        /// <summary>exp(A) of a matrix, by float64: its series loses digits of which a gradient has none to spare.</summary>
        internal Tensor Exponential() => x.to_type(ScalarType.Float64).matrix_exp().to_type(x.dtype);

        /// <summary>1 − x.</summary>
        internal Tensor OneMinus() => (-x).Plus(Scalars.One);

        /// <summary><c>x Wᵀ + b</c>, or without b, with the same bits for a row wherever it stands in a batch of eight or more.</summary>
        internal Tensor Linear(Tensor weight, Tensor? bias = null)
        {
            const int LeastOutputs = 12; // with fewer outputs of four or more inputs, MKL sums rows in different orders (seen)
            var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
            if (outputs >= LeastOutputs || inputs < 4) return linear(x, weight, bias);
            var missing = LeastOutputs - outputs;
            return linear(x, pad(weight, [0, 0, 0, missing]), bias is null ? null : pad(bias, [0, missing])).narrow(1, 0, outputs);
        }
    }
}
