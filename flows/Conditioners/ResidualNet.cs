using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.Conditioners;

/// <summary>A residual net; see <see cref="ResidualNet"/>.</summary>
/// <param name="Hidden">Units of every hidden layer.</param>
/// <param name="Blocks">Residual blocks of two layers each.</param>
public sealed record ResidualNetSpec(int Hidden, int Blocks) : ConditionerSpec
{
    // A block starts near the identity, as in the neural spline flow's own code.
    private static readonly Initializer BlockEnd = new(0, 1e-3);

    internal override void Declare(ParameterScope scope, NetShape shape)
    {
        var degrees = shape.Degrees(Hidden);
        DeclareLinear(scope.In("in"), shape.Inputs, Hidden, degrees?.FromInputs());
        for (var block = 0; block < Blocks; block++)
        {
            DeclareLinear(scope.In($"{block}.0"), Hidden, Hidden, degrees?.BetweenHidden());
            DeclareLinear(scope.In($"{block}.1"), Hidden, Hidden, degrees?.BetweenHidden(), BlockEnd);
        }

        DeclareLinear(scope.In("out"), Hidden, shape.Outputs, degrees?.ToOutputs(shape.Outputs), Initializer.Zero);
    }

    internal override Conditioner Build(ViewScope views) => new ResidualNet(views, Blocks);

    internal override IEnumerable<string> Problems(NetShape shape)
    {
        if (Hidden < 1 || Blocks < 0) yield return $"residual has {Blocks} blocks of {Hidden} units; it needs at least 0 of 1.";
        foreach (var problem in NetShape.Widths("residual", 0, Blocks).Concat(shape.Problems("residual", Hidden))) yield return problem;
    }
}

/// <summary>Pre-activation residual net: <c>h ← h + W₁ relu(W₀ relu(h))</c>, a linear layer before and after; the last starts at zero.</summary>
/// <remarks>Source: He et al. 2016, https://arxiv.org/abs/1603.05027, as used by Durkan et al. 2019.</remarks>
internal sealed class ResidualNet(ViewScope views, int blocks) : Conditioner
{
    internal override Tensor Parameters(long rows, Tensor? first, Tensor? second)
    {
        var h = Linear(Inputs(first, second), views.In("in"));
        for (var block = 0; block < blocks; block++)
        {
            h = h.Plus(Linear(relu(Linear(relu(h), views.In($"{block}.0"))), views.In($"{block}.1")));
        }

        return Linear(h, views.In("out"));
    }
}
