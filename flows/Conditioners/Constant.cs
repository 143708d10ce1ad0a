using static TorchSharp.torch;

namespace FlowGrain.Flows.Conditioners;

/// <summary>The same parameters for every row: an elementwise layer.</summary>
public sealed record ConstantSpec : ConditionerSpec
{
    internal override void Declare(ParameterScope scope, NetShape shape) => scope.Add("bias", Initializer.Zero, shape.Outputs);

    internal override Conditioner Build(ViewScope views) => new Constant(views["bias"]);

    internal override IEnumerable<string> Problems(NetShape shape) => [];
}

/// <summary>Ignores its inputs.</summary>
internal sealed class Constant(Tensor parameters) : Conditioner
{
    internal override Tensor Parameters(long rows, Tensor? first, Tensor? second) => parameters.unsqueeze(0).expand(rows, parameters.shape[0]);
}
