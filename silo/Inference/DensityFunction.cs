using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary><c>{model}</c>: the log-density of rows <c>x</c>, given <c>context</c> where the model has some; and <c>z</c> where it is asked for.</summary>
internal sealed class DensityFunction(ModelEngine engine) : ModelFunction(engine)
{
    private const string X = "x", Context = "context", LogProb = "log_prob", Z = "z";

    private int Columns => Engine.Encoder.Table.Columns.Length;

    private int ContextColumns => Engine.Encoder.Table.Context.Length;

    internal override ImmutableArray<TensorDescription> Inputs => ContextColumns == 0
        ? [new(X, Datatype.Single.Name, [-1, Columns])]
        : [new(X, Datatype.Single.Name, [-1, Columns]), new(Context, Datatype.Single.Name, [-1, ContextColumns])];

    internal override ImmutableArray<TensorDescription> Outputs =>
        [new(LogProb, Datatype.Single.Name, [-1]), new(Z, Datatype.Single.Name, [-1, Engine.Encoder.FlowDimension])];

    private protected override async Task<ImmutableArray<OutputTensor>> Answer(InferenceRequest request, CancellationToken cancellation)
    {
        var rows = Rows(Need(request, X), request.Input(Context));
        var densities = await Engine.Batches.LogDensity(new Block<double>(rows), request.Asks(Z), request.Timeout, cancellation);
        var outputs = ImmutableArray.CreateBuilder<OutputTensor>(2);
        if (request.Outputs.IsEmpty || request.Asks(LogProb)) outputs.Add(new SingleTensor(LogProb, [densities.LogDensity.Length], densities.LogDensity.Values));
        if (densities.Latent is { } latent) outputs.Add(new SingleTensor(Z, [densities.LogDensity.Length, Engine.Encoder.FlowDimension], latent.Values));
        return outputs.ToImmutable();
    }

    /// <summary>The rows of the table: what is modelled, then what it is conditioned on.</summary>
    private double[] Rows(Tensor x, Tensor? context)
    {
        var rows = RowsOf(x, Columns);
        if (ContextColumns == 0) return x.Numbers;
        if (context is null) throw new BadInputException($"The request lacks the input '{Context}' [{rows}, {ContextColumns}]; the model is conditioned on it.");
        if (RowsOf(context, ContextColumns) is var given && given != rows) throw new BadInputException($"'{X}' has {rows} rows and '{Context}' has {given}; send as many of both.");
        var table = new double[rows * Engine.Width];
        for (var row = 0; row < rows; row++)
        {
            x.Numbers.AsSpan(row * Columns, Columns).CopyTo(table.AsSpan(row * Engine.Width));
            context.Numbers.AsSpan(row * ContextColumns, ContextColumns).CopyTo(table.AsSpan(row * Engine.Width + Columns));
        }

        return table;
    }

    private static int RowsOf(Tensor tensor, int width) => tensor.Shape is [var rows and > 0, var columns] && columns == width
        ? (int)rows // whose numbers came
        : throw new BadInputException($"'{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape)}]; it takes [-1, {width}], one row at least.");
}
