using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.Conditioners;

/// <summary>A plain net; see <see cref="Mlp"/>.</summary>
/// <param name="Hidden">Units of each hidden layer.</param>
/// <param name="Layers">Hidden layers.</param>
public sealed record MlpSpec(int Hidden, int Layers) : ConditionerSpec
{
    internal override void Declare(ParameterScope scope, NetShape shape)
    {
        var degrees = shape.Degrees(Hidden);
        DeclareLinear(scope.In("0"), shape.Inputs, Hidden, degrees?.FromInputs());
        for (var layer = 1; layer < Layers; layer++) DeclareLinear(scope.In($"{layer}"), Hidden, Hidden, degrees?.BetweenHidden());
        DeclareLinear(scope.In("out"), Hidden, shape.Outputs, degrees?.ToOutputs(shape.Outputs), Initializer.Zero);
    }

    internal override Conditioner Build(ViewScope views) => new Mlp(views, Layers);

    internal override IEnumerable<string> Problems(NetShape shape)
    {
        if (Hidden < 1 || Layers < 1) yield return $"mlp has {Layers} layers of {Hidden} units; both must be at least 1.";
        foreach (var problem in NetShape.Widths("mlp", 0, Layers).Concat(shape.Problems("mlp", Hidden))) yield return problem;
    }
}

/// <summary>Linear layers with ReLU between them; the last starts at zero.</summary>
internal sealed class Mlp(ViewScope views, int layers) : Conditioner
{
    internal override Tensor Parameters(long rows, Tensor? first, Tensor? second)
    {
        var h = Inputs(first, second);
        for (var layer = 0; layer < layers; layer++) h = relu(Linear(h, views.In($"{layer}")));
        return Linear(h, views.In("out"));
    }
}
