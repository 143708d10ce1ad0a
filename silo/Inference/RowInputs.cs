using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>Rows of a model as inputs: <c>x</c>, and <c>context</c> where the model has some.</summary>
/// <param name="engine">The model.</param>
internal sealed class RowInputs(ModelEngine engine)
{
    private const string X = "x", Context = "context";

    private int Columns => engine.Encoder.Table.Columns.Length;

    private int ContextColumns => engine.Encoder.Table.Context.Length;

    /// <summary>What they are.</summary>
    internal ImmutableArray<TensorDescription> Descriptions => ContextColumns == 0
        ? [new(X, Datatype.Single.Name, [-1, Columns])]
        : [new(X, Datatype.Single.Name, [-1, Columns]), new(Context, Datatype.Single.Name, [-1, ContextColumns])];

    /// <summary>The rows of the table: what is modelled, then what it is conditioned on.</summary>
    /// <exception cref="BadInputException">One is absent, or of another shape.</exception>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    internal double[] Of(InferenceRequest request)
    {
        var x = ModelFunction.Need(request, X);
        var rows = RowsOf(x, Columns);
        if (ContextColumns == 0) return x.Numbers;
        var context = request.Input(Context) ??
            throw new BadInputException($"The request lacks the input '{Context}' [{rows}, {ContextColumns}]; the model is conditioned on it.");
        if (RowsOf(context, ContextColumns) is var given && given != rows)
            throw new BadInputException($"'{X}' has {rows} rows and '{Context}' has {given}; send as many of both.");
        request.Reserve((long)rows * engine.Width * sizeof(double));
        return engine.Encoder.Join(x.Numbers, context.Numbers);
    }

    private static int RowsOf(Tensor tensor, int width) => tensor.Shape is [var rows and > 0, var columns] && columns == width
        ? (int)rows // whose numbers came
        : throw new BadInputException($"'{tensor.Name}' has the shape {Excerpt.Of(tensor.Shape)}; it takes [ROWS, {width}], one row at least.");
}
