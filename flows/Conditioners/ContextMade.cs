using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.Conditioners;

/// <summary>A masked net to whose units the context is added; see <see cref="ContextMade"/>. For autoregressive layers of more than one column with a context.</summary>
/// <param name="Hidden">Units of every hidden layer.</param>
/// <param name="Blocks">Residual blocks of two layers each, or hidden layers after the first.</param>
/// <param name="Residual">Whether the blocks are residual.</param>
public sealed record ContextMadeSpec(int Hidden, int Blocks, bool Residual = true) : ConditionerSpec
{
    private ConditionerSpec Net => Residual ? new ResidualNetSpec(Hidden, Blocks) : new MlpSpec(Hidden, Blocks + 1);

    internal override void Declare(ParameterScope scope, NetShape shape)
    {
        Net.Declare(scope, Masked(shape));
        DeclareLinear(scope.In("context"), shape.Context, Hidden, mask: null);
        for (var block = 0; block < Blocks && Residual; block++) DeclareLinear(scope.In($"{block}.context"), shape.Context, Hidden, mask: null);
    }

    internal override Conditioner Build(ViewScope views) => new ContextMade(views, this);

    internal override IEnumerable<string> Problems(NetShape shape)
    {
        if (shape.Context == 0) yield return "context-made has no context; use 'residual' or 'mlp'.";
        if (shape.Masked is null) yield return "context-made is a net of autoregressive layers alone; use 'gated-residual'.";
        else foreach (var problem in Net.Problems(Masked(shape))) yield return problem;
    }

    /// <summary>The net without the context, whose units see one column at least.</summary>
    internal static NetShape Masked(NetShape shape) =>
        shape with { Inputs = shape.Inputs - shape.Context, Masked = shape.Masked!.Value with { Context = 0 }, Context = 0 };
}

/// <summary>
/// A masked net that adds the context to its first layer, <c>h = W x + b + relu(C c + d)</c>, and to each residual block,
/// <c>h ← h + W₁ relu(W₀ relu(h) + b₀ + C_k c + d_k) + b₁</c>; blocks that are not residual see none.
/// </summary>
/// <remarks>What the first column is made of sees no unit, and so no context. Source: Germain et al. 2015, "MADE", https://arxiv.org/abs/1502.03509, as nflows conditions it.</remarks>
internal sealed class ContextMade(ViewScope views, ContextMadeSpec spec) : Conditioner
{
    internal override Tensor Parameters(long rows, Tensor? first, Tensor? second)
    {
        var (context, columns) = (first!, second!); // an autoregressive layer gives the context first
        var h = Linear(columns, views.In(spec.Residual ? "in" : "0")).Plus(relu(Linear(context, views.In("context"))));
        if (!spec.Residual) h = relu(h);
        for (var block = 0; block < spec.Blocks; block++) h = spec.Residual ? After(h, context, block) : relu(Linear(h, views.In($"{block + 1}")));
        return Linear(h, views.In("out"));
    }

    private Tensor After(Tensor h, Tensor context, int block)
    {
        var inner = Linear(relu(h), views.In($"{block}.0")).Plus(Linear(context, views.In($"{block}.context")));
        return h.Plus(Linear(relu(inner), views.In($"{block}.1")));
    }
}
