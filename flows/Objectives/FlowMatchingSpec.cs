using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Objectives;

/// <summary>
/// Flow matching: a row y and noise ε of the base are mixed to <c>x = y cos φ + ε sin φ</c>, and the velocity of a
/// <see cref="Continuous"/> flow learns where that goes, <c>Σ ‖v(x, φ) − (ε cos φ − y sin φ)‖²</c>. No equation is solved.
/// </summary>
/// <remarks>
/// <para>The angles of a pass are spread evenly over 0 to π/2 from a random start. With standardised columns and a standard normal base
/// x has deviation 1 at every angle, and of Gaussian data the velocity is 0: the straight path <c>(1 − t) y + t ε</c> has the
/// same flow from end to end, with velocities that the net would have to learn first.</para>
/// <para>Source: Lipman et al. 2023, "Flow Matching for Generative Modeling", https://arxiv.org/abs/2210.02747; Albergo and
/// Vanden-Eijnden 2023, "Building Normalizing Flows with Stochastic Interpolants", https://arxiv.org/abs/2209.15571, for the path.</para>
/// </remarks>
public sealed record FlowMatchingSpec : ObjectiveSpec
{
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2; // multiples of it fill the circle more evenly than any other's

    internal override Tensor Loss(Flow flow, Tensor x, Tensor? context, TrainingDraw draw, Tensor? weights)
    {
        var (y, scaled) = flow.Standardized(x, context);
        var noise = flow.Base.Sample(draw.Random, draw.First, (int)x.shape[0], scaled).X;
        var angle = Angles(draw.For(0), (int)x.shape[0], y.dtype);
        var (near, far) = (angle.cos(), angle.sin());
        var velocity = ((Continuous)flow.Learned[0]).Field.Velocity((y * near).Plus(noise * far), angle, scaled);
        var squares = (velocity - (noise * near - y * far)).Squared();
        return (weights is null ? squares : squares * weights.unsqueeze(1)).sum();
    }

    internal override IEnumerable<string> Problems(FlowSpec spec)
    {
        if (spec.Transforms.Skip(spec.FirstLearned).ToList() is not [ContinuousSpec])
            yield return "flow-matching trains one transform of type 'continuous' after the standardisation, and nothing else.";
        if (ParameterLayout.Of(scope => spec.Base.Declare(scope, spec.Shape())).Count > 0)
            yield return "flow-matching takes the base as it is, and would let a learned one shrink to a point; take standard-normal or box-uniform.";
    }

    /// <summary>φ of each row, <c>[B, 1]</c>.</summary>
    private static Tensor Angles(TrainingDraw draw, int rows, ScalarType dtype)
    {
        var (angles, start) = (new double[rows], draw.Random.Uniform(0));
        for (var i = 0; i < rows; i++)
        {
            var turns = start + (draw.First + i) * Golden;
            angles[i] = Continuous.BaseAngle * (turns - Math.Floor(turns));
        }

        return tensor(angles, rows, 1, dtype);
    }
}
