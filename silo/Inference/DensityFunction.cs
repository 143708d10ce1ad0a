using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary><c>{model}</c>: the log-density of rows <c>x</c>, given <c>context</c> where the model has some; and <c>z</c> where it is asked for.</summary>
internal sealed class DensityFunction(ModelEngine engine) : ModelFunction(engine)
{
    private const string LogProb = "log_prob", Z = "z";

    private readonly RowInputs _rows = new(engine);

    internal override ImmutableArray<TensorDescription> Inputs => _rows.Descriptions;

    internal override ImmutableArray<TensorDescription> Outputs =>
        [new(LogProb, Datatype.Single.Name, [-1]), new(Z, Datatype.Single.Name, [-1, Engine.Encoder.FlowDimension])];

    private protected override async Task<ImmutableArray<OutputTensor>> Answer(InferenceRequest request, CancellationToken cancellation)
    {
        var rows = _rows.Of(request);
        Engine.RequireLevels(rows);
        request.ReserveFor(LogProb, rows.Length / Engine.Width * (1L + (request.Asks(Z) ? Engine.Encoder.FlowDimension : 0)));
        var densities = await Engine.Batches.LogDensity(new Block<double>(rows), request.Asks(Z), request.Timeout, cancellation);
        var outputs = ImmutableArray.CreateBuilder<OutputTensor>(2);
        if (request.Outputs.IsEmpty || request.Asks(LogProb)) outputs.Add(new SingleTensor(LogProb, [densities.LogDensity.Length], densities.LogDensity.Values));
        if (densities.Latent is { } latent) outputs.Add(new SingleTensor(Z, [densities.LogDensity.Length, Engine.Encoder.FlowDimension], latent.Values));
        return outputs.ToImmutable();
    }
}
