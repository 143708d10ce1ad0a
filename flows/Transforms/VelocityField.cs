using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>The velocity of a <see cref="Continuous"/> flow: <c>v = W₃ tanh(W₂ [tanh(W₁ [x, τ, c] + b₁), τ] + b₂) + b₃</c>, with τ the waves of the time.</summary>
/// <remarks>
/// Between two hidden layers the divergence has a closed form, <c>Σ ∂vᵢ/∂xᵢ = s₂ᵀ (W₂ ∘ (W₁W₃)ᵀ) s₁</c> with s the slopes
/// 1 − tanh²: exact, for one more matrix product, however many columns there are. An estimate of it (Hutchinson's) would cost as
/// much. Far out the velocity is bounded, so that the tails are those of the base.
/// </remarks>
internal sealed class VelocityField
{
    /// <summary>Waves of the time that the net sees, sine and cosine of each.</summary>
    internal const int Waves = 3;

    private readonly int _dimension;
    private readonly Tensor _multiples;

    internal VelocityField(ViewScope views, int dimension, ScalarType dtype)
    {
        _dimension = dimension;
        _multiples = tensor(Enumerable.Range(0, Waves).Select(wave => (double)(1 << wave)).ToArray(), 1, Waves, dtype);
        Parameters = [views["in.weight"], views["in.bias"], views["mid.weight"], views["mid.bias"], views["out.weight"], views["out.bias"]];
    }

    /// <summary>All that it is made of.</summary>
    internal Tensor[] Parameters { get; }

    internal static void Declare(ParameterScope scope, FlowShape shape, int hidden)
    {
        var (inputs, between) = (shape.Dimension + 2 * Waves + shape.Context, hidden + 2 * Waves);
        scope.Add("in.weight", Initializer.FanIn(inputs), hidden, inputs);
        scope.Add("in.bias", Initializer.FanIn(inputs), hidden);
        scope.Add("mid.weight", Initializer.FanIn(between), hidden, between);
        scope.Add("mid.bias", Initializer.FanIn(between), hidden);
        scope.Add("out.weight", Initializer.Zero, shape.Dimension, hidden);
        scope.Add("out.bias", Initializer.Zero, shape.Dimension);
    }

    /// <summary>Velocities <c>[B, D]</c> of rows <c>[B, D]</c> at angles <c>[B, 1]</c>.</summary>
    internal Tensor Velocity(Tensor x, Tensor angle, Tensor? context) => Layers(x, angle, context).Velocity;

    /// <summary>Rows with a number more, <c>[B, D + 1]</c>, and angles <c>[B, 1]</c> to velocities and their divergence.</summary>
    internal Func<Tensor, Tensor, Tensor> WithDivergence(Tensor? context)
    {
        var (first, last) = (Parameters[0].narrow(1, 0, _dimension), Parameters[4]);
        var between = Parameters[2].narrow(1, 0, Parameters[0].shape[0]);
        var coupling = between * first.matmul(last).t();
        return (state, angle) =>
        {
            var (velocity, one, two) = Layers(state.narrow(1, 0, _dimension), angle, context);
            var divergence = (Slope(two) * Slope(one).Linear(coupling)).sum(1, keepdim: true);
            return cat([velocity, divergence], 1);
        };
    }

    private (Tensor Velocity, Tensor One, Tensor Two) Layers(Tensor x, Tensor angle, Tensor? context)
    {
        var angles = angle.to_type(x.dtype) * _multiples;
        var waves = cat([angles.cos(), angles.sin()], 1);
        var one = cat(context is null ? [x, waves] : [x, waves, context], 1).Linear(Parameters[0], Parameters[1]).tanh();
        var two = cat([one, waves], 1).Linear(Parameters[2], Parameters[3]).tanh();
        return (two.Linear(Parameters[4], Parameters[5]), one, two);
    }

    private static Tensor Slope(Tensor tanh) => tanh.Squared().OneMinus();
}
