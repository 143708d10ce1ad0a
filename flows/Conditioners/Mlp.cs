using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.Conditioners;

/// <summary>A plain net; see <see cref="Mlp"/>.</summary>
/// <param name="Hidden">Units of each hidden layer.</param>
/// <param name="Layers">Hidden layers.</param>
public sealed record MlpSpec(int Hidden, int Layers) : ConditionerSpec
{
    internal override void Declare(ParameterScope scope, int inputs, int outputs)
    {
        for (var layer = 0; layer < Layers; layer++) DeclareLinear(scope.In($"{layer}"), layer == 0 ? inputs : Hidden, Hidden);
        DeclareLinear(scope.In("out"), Hidden, outputs, Initializer.Zero);
    }

    internal override Conditioner Build(ViewScope views) => new Mlp(views, Layers);

    internal override IEnumerable<string> Problems(int inputs)
    {
        if (Hidden < 1 || Layers < 1) yield return $"mlp has {Layers} layers of {Hidden} units; both must be at least 1.";
        if (inputs == 0) yield return "mlp has no inputs; use 'constant'.";
    }
}

/// <summary>Linear layers with ReLU between them; the last starts at zero.</summary>
internal sealed class Mlp(ViewScope views, int layers) : Conditioner
{
    internal override Tensor Parameters(long rows, Tensor? passed, Tensor? context)
    {
        var h = Inputs(passed, context);
        for (var layer = 0; layer < layers; layer++) h = relu(Linear(h, views.In($"{layer}")));
        return Linear(h, views.In("out"));
    }
}
