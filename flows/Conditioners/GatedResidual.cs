using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.Conditioners;

/// <summary>A residual net whose blocks the context gates; see <see cref="GatedResidual"/>. For coupling layers with a context.</summary>
/// <param name="Hidden">Units of every hidden layer.</param>
/// <param name="Blocks">Residual blocks of two layers each.</param>
public sealed record GatedResidualSpec(int Hidden, int Blocks) : ConditionerSpec
{
    internal override void Declare(ParameterScope scope, NetShape shape)
    {
        new ResidualNetSpec(Hidden, Blocks).Declare(scope, shape);
        for (var block = 0; block < Blocks; block++) DeclareLinear(scope.In($"{block}.gate"), shape.Context, Hidden, mask: null);
    }

    internal override Conditioner Build(ViewScope views) => new GatedResidual(views, Blocks);

    internal override IEnumerable<string> Problems(NetShape shape)
    {
        if (shape.Context == 0) yield return "gated-residual has no context that could gate it; use 'residual'.";
        if (shape.Masked is not null) yield return "gated-residual is no net of an autoregressive layer; use 'context-made'.";
        foreach (var problem in new ResidualNetSpec(Hidden, Blocks).Problems(shape)) yield return problem;
    }
}

/// <summary>Pre-activation residual net of all inputs with gated blocks: <c>h ← h + σ(G c + g) ⊙ W₁ relu(W₀ relu(h))</c>.</summary>
/// <remarks>Source: Dauphin et al. 2017, "Language Modeling with Gated Convolutional Networks", https://arxiv.org/abs/1612.08083, as nflows has it in its residual net.</remarks>
internal sealed class GatedResidual(ViewScope views, int blocks) : Conditioner
{
    internal override Tensor Parameters(long rows, Tensor? first, Tensor? second)
    {
        var h = Linear(Inputs(first, second), views.In("in"));
        for (var block = 0; block < blocks; block++)
        {
            var step = Linear(relu(Linear(relu(h), views.In($"{block}.0"))), views.In($"{block}.1"));
            h = h.Plus(step * Linear(second!, views.In($"{block}.gate")).sigmoid()); // the context is the second of a coupling layer
        }

        return Linear(h, views.In("out"));
    }
}
