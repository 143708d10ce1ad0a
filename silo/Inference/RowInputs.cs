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
    internal double[] Of(InferenceRequest request) => Rows(ModelFunction.Need(request, X), request.Input(Context));

    private double[] Rows(Tensor x, Tensor? context)
    {
        var rows = RowsOf(x, Columns);
        if (ContextColumns == 0) return x.Numbers;
        if (context is null) throw new BadInputException($"The request lacks the input '{Context}' [{rows}, {ContextColumns}]; the model is conditioned on it.");
        if (RowsOf(context, ContextColumns) is var given && given != rows) throw new BadInputException($"'{X}' has {rows} rows and '{Context}' has {given}; send as many of both.");
        var table = new double[rows * engine.Width];
        for (var row = 0; row < rows; row++)
        {
            x.Numbers.AsSpan(row * Columns, Columns).CopyTo(table.AsSpan(row * engine.Width));
            context.Numbers.AsSpan(row * ContextColumns, ContextColumns).CopyTo(table.AsSpan(row * engine.Width + Columns));
        }

        return table;
    }

    private static int RowsOf(Tensor tensor, int width) => tensor.Shape is [var rows and > 0, var columns] && columns == width
        ? (int)rows // whose numbers came
        : throw new BadInputException($"'{tensor.Name}' has the shape {Excerpt.Of(tensor.Shape)}; it takes [ROWS, {width}], one row at least.");
}
