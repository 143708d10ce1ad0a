using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;

namespace FlowGrain.Flows.Interchange;

/// <summary>Names the tensors of nflows' MADE, whose masks and degrees are buffers beside the weights.</summary>
/// <param name="shape">D and C of the flow.</param>
/// <param name="hidden">Units of every hidden layer.</param>
/// <param name="blocks">Blocks.</param>
/// <param name="residual">Whether they are residual.</param>
internal sealed class NflowsMade(FlowShape shape, int hidden, int blocks, bool residual)
{
    private readonly DegreeOrder _order = new(new MaskedDegrees(shape with { Context = 0 }, hidden)); // its units see one column at least, with a context too

    /// <summary>The net as nflows has it; null where it has none.</summary>
    internal static NflowsMade? Of(ConditionerSpec net, FlowShape shape) => (net, shape.Context) switch
    {
        (MlpSpec mlp, 0) => new(shape, mlp.Hidden, mlp.Layers - 1, residual: false),
        (ResidualNetSpec residual, 0) => new(shape, residual.Hidden, residual.Blocks, residual: true),
        (ContextMadeSpec made, _) => new(shape, made.Hidden, made.Blocks, made.Residual),
        _ => null,
    };

    internal void Add(Correspondence tensors, string prefix, BlockScope net, ScalarMapSpec map)
    {
        var (d, units, each) = (shape.Dimension, _order.Units, map.ParameterCount);
        ImmutableArray<int> columns = [.. Enumerable.Range(0, d).Select(column => column < d - 1 ? column : -1)];
        AddMasked($"{prefix}initial_layer.", net.In(residual ? "in" : "0"), units, columns, _order.Degrees);
        for (var block = 0; block < blocks; block++)
        {
            if (!residual) AddMasked($"{prefix}blocks.{block}.linear.", net.In($"{block + 1}"), units, units, _order.Degrees);
            else for (var half = 0; half < 2; half++) AddMasked($"{prefix}blocks.{block}.linear_layers.{half}.", net.In($"{block}.{half}"), units, units, _order.Degrees);
        }

        ImmutableArray<int> outputs = [.. Enumerable.Range(0, d * each).Select(row => map is AffineSpec ? row ^ 1 : row)]; // the scale comes before the shift
        AddMasked($"{prefix}final_layer.", net.In("out"), outputs, units, Enumerable.Range(0, d * each).Select(row => row / each + 1));
        AddContext(prefix, net);

        void AddMasked(string name, BlockScope layer, ImmutableArray<int> rows, ImmutableArray<int> inputs, IEnumerable<int> degrees)
        {
            var weight = tensors.AddLinear(name, layer, rows, inputs);
            tensors.Add(new TensorConstant($"{name}mask", weight.Mask(StateType.Float32), Fault) { IsOptional = true });
            tensors.Add(new TensorConstant($"{name}degrees", StateTensor.Whole(degrees), Fault) { IsOptional = true });
        }

        void AddContext(string name, BlockScope layer)
        {
            if (shape.Context == 0) return;
            var context = Orders.Same(shape.Context);
            tensors.AddLinear($"{name}context_layer.", layer.In("context"), units, context);
            for (var block = 0; block < blocks && residual; block++) tensors.AddLinear($"{name}blocks.{block}.context_layer.", layer.In($"{block}.context"), units, context);
        }
    }

    private const string Fault = "is of another order of units than nflows gives them without random masks";
}
