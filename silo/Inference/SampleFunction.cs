using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary><c>{model}.sample</c>: draws <c>num_samples</c> rows with a <c>seed</c>, given <c>context</c> where the model has some, with the log-density of each.</summary>
internal sealed class SampleFunction(ModelEngine engine) : ModelFunction(engine)
{
    /// <summary>What its name ends in.</summary>
    internal const string Suffix = ".sample";

    private const string Count = "num_samples", Seed = "seed", Context = "context", Samples = "samples", LogProb = "log_prob";

    private int Columns => Engine.Encoder.Table.Columns.Length;

    private int ContextColumns => Engine.Encoder.Table.Context.Length;

    internal override ImmutableArray<TensorDescription> Inputs => ContextColumns == 0
        ? [new(Count, Datatype.Int64.Name, [1]), new(Seed, Datatype.Int64.Name, [1])]
        : [new(Count, Datatype.Int64.Name, [1]), new(Seed, Datatype.Int64.Name, [1]), new(Context, Datatype.Single.Name, [1, ContextColumns])];

    internal override ImmutableArray<TensorDescription> Outputs =>
        [new(Samples, Datatype.Double.Name, [-1, Columns]), new(LogProb, Datatype.Single.Name, [-1])];

    private protected override async Task<ImmutableArray<OutputTensor>> Answer(InferenceRequest request, CancellationToken cancellation)
    {
        var (rows, context) = (Whole(Need(request, Count)), ContextOf(request));
        var seed = request.Input(Seed) is { } given ? Whole(given) : 0;
        var most = Math.Min(SampleRequest.MostRows, Engine.Batches.MostRows);
        if (rows < 1 || rows > most) throw new BadInputException($"'{Count}' is {rows}; a request draws 1 to {most}.");
        Engine.Batches.RequireRoom((int)rows);
        request.ReserveFor(Samples, rows * (Columns + 1) + rows * Engine.Width); // the rows that are scored too
        var began = Engine.Clock.GetTimestamp();
        var drawn = await Engine.Sample(new SampleRequest(First: 0, (int)rows, seed, new Block<double>(context)), request.Timeout, cancellation);
        var outputs = ImmutableArray.CreateBuilder<OutputTensor>(2);
        if (request.Outputs.IsEmpty || request.Asks(Samples)) outputs.Add(new DoubleTensor(Samples, [rows, Columns], drawn.Values));
        var statistics = Engine.StatisticsOf(Suffix);
        if (!request.Outputs.IsEmpty && !request.Asks(LogProb))
        {
            statistics.Computed(requests: 1, (int)rows, Engine.Clock.GetElapsedTime(began));
            return outputs.ToImmutable();
        }

        var scored = context.Length == 0 ? drawn : new Block<double>(Engine.Encoder.Join(drawn.Span, context));
        var densities = await Engine.Batches.LogDensity(scored, latent: false, request.Left(Engine.Clock, began), statistics, cancellation); // which counts the rows
        outputs.Add(new SingleTensor(LogProb, [rows], densities.LogDensity.Values));
        return outputs.ToImmutable();
    }

    private double[] ContextOf(InferenceRequest request) => (request.Input(Context), ContextColumns) switch
    {
        (_, 0) => [],
        (null, var columns) => throw new BadInputException($"The request lacks the input '{Context}' [1, {columns}]; the model is conditioned on it."),
        ({ Numbers: var numbers }, var columns) when numbers.Length == columns => numbers,
        ({ Shape: var shape }, var columns) => throw new BadInputException($"'{Context}' has the shape {Excerpt.Of(shape)}; it takes [1, {columns}], which all samples are given."),
    };

    private static long Whole(Tensor tensor) => tensor.Whole is [var value]
        ? value
        : throw new BadInputException($"'{tensor.Name}' is {tensor.Type.Name} {Excerpt.Of(tensor.Shape)}; it takes one whole number, such as INT64 [1].");
}
