using System.Collections.Immutable;
using FlowGrain.Flows.Tables;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary><c>{model}</c>: the log-density of rows <c>x</c>, given <c>context</c> where the model has some; and <c>z</c> where it is asked for. With the parameter <c>dequantise_draws</c> an estimate of the log-probability of their bins in its place.</summary>
internal sealed class DensityFunction(ModelEngine engine) : ModelFunction(engine)
{
    private const string LogProb = "log_prob", Z = "z", Estimate = "log_prob_bin_estimate";

    private readonly RowInputs _rows = new(engine);

    internal override ImmutableArray<TensorDescription> Inputs => _rows.Descriptions;

    internal override ImmutableArray<TensorDescription> Outputs =>
    [
        new(LogProb, Datatype.Single.Name, [-1]), new(Z, Datatype.Single.Name, [-1, Engine.Encoder.FlowDimension]),
        .. new Bins(Engine.Encoder.Table).Any ? (TensorDescription[])[new(Estimate, Datatype.Single.Name, [-1])] : [],
    ];

    private protected override async Task<ImmutableArray<OutputTensor>> Answer(InferenceRequest request, CancellationToken cancellation)
    {
        var rows = _rows.Of(request);
        Engine.RequireLevels(rows);
        if (BinEstimate.Of(Engine.Model.Name, Engine.Encoder.Table, request.DequantiseDraws, KnownParameters.DequantiseDraws) is { } bins) return [await OfBins(bins, rows, request, cancellation)];
        if (request.Asks(Estimate)) throw new BadInputException($"'{Estimate}' needs to know from how many draws; give the request the parameter {KnownParameters.DequantiseDraws}, such as 64.");
        request.ReserveFor(LogProb, rows.Length / Engine.Width * (1L + (request.Asks(Z) ? Engine.Encoder.FlowDimension : 0)));
        var densities = await Engine.Batches.LogDensity(new Block<double>(rows), request.Asks(Z), request.Timeout, cancellation);
        var outputs = ImmutableArray.CreateBuilder<OutputTensor>(2);
        if (request.Outputs.IsEmpty || request.Asks(LogProb)) outputs.Add(new SingleTensor(LogProb, [densities.LogDensity.Length], densities.LogDensity.Values));
        if (densities.Latent is { } latent) outputs.Add(new SingleTensor(Z, [densities.LogDensity.Length, Engine.Encoder.FlowDimension], latent.Values));
        return outputs.ToImmutable();
    }

    private async Task<OutputTensor> OfBins(BinEstimate bins, double[] rows, InferenceRequest request, CancellationToken cancellation)
    {
        var count = rows.Length / Engine.Width;
        if (request.Asks(LogProb) || request.Asks(Z)) throw new BadInputException($"With {KnownParameters.DequantiseDraws} the output is '{Estimate}', of many draws a row; ask for {LogProb} and {Z} in a request without it.");
        if (bins.DrawsOf(count) > Engine.Batches.MostRows) throw new BadInputException($"{count} rows of {request.DequantiseDraws} draws are {bins.DrawsOf(count)} densities, and a request computes {Engine.Batches.MostRows}; send fewer rows, or score a file as a bulk job.");
        request.Reserve(bins.DrawsOf(rows.Length) * sizeof(double));
        request.ReserveFor(Estimate, count);
        var drawn = await Engine.Batches.LogDensity(bins.Draws(rows), latent: false, request.Timeout, cancellation);
        return new SingleTensor(Estimate, [count], bins.LogProb(rows, drawn).LogDensity.Values);
    }
}
