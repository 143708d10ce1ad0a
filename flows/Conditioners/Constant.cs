using static TorchSharp.torch;

namespace FlowGrain.Flows.Conditioners;

/// <summary>The same parameters for every row: an elementwise layer.</summary>
public sealed record ConstantSpec : ConditionerSpec
{
    internal override void Declare(ParameterScope scope, int inputs, int outputs) => scope.Add("bias", Initializer.Zero, outputs);

    internal override Conditioner Build(ViewScope views) => new Constant(views["bias"]);

    internal override IEnumerable<string> Problems(int inputs) => [];
}

/// <summary>Ignores its inputs.</summary>
internal sealed class Constant(Tensor parameters) : Conditioner
{
    internal override Tensor Parameters(long rows, Tensor? passed, Tensor? context) => parameters.unsqueeze(0).expand(rows, parameters.shape[0]);
}
