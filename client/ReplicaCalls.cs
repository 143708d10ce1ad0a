using System.Runtime.CompilerServices;
using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>Bulk questions to one model, cut into calls of moderate size.</summary>
internal sealed class ReplicaCalls(IModelReplicaGrain replica, ModelDescription model, TimeProvider clock)
{
    internal async IAsyncEnumerable<ReadOnlyMemory<double>> Sample(SampleOrder order, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (context, most) = (new Block<double>(order.Context.AsMemory()), CallSize.Rows(model.Columns.Length));
        for (long first = 0; first < order.Rows; first += most)
        {
            var rows = (int)Math.Min(most, order.Rows - first);
            var request = new SampleRequest(first, rows, order.Seed, context);
            var drawn = await Repeated.Call(() => replica.Sample(request, cancellation), clock, cancellation);
            yield return drawn.Values;
        }
    }

    internal Task<float[]> LogDensity(ReadOnlyMemory<double> rows, CancellationToken cancellation) => OfRows(rows, latent: false, densities => densities.LogDensity, cancellation);

    internal Task<float[]> Latents(ReadOnlyMemory<double> rows, CancellationToken cancellation) => OfRows(rows, latent: true, densities => densities.Latent!, cancellation);

    private async Task<float[]> OfRows(ReadOnlyMemory<double> rows, bool latent, Func<Densities, Block<float>> numbers, CancellationToken cancellation)
    {
        var width = model.Columns.Length + model.Context.Length;
        var (answers, most) = (new List<float>(), CallSize.Rows(width) * width);
        for (var first = 0; first < rows.Length; first += most)
        {
            var block = new Block<double>(rows[first..Math.Min(rows.Length, first + most)]);
            var densities = await Repeated.Call(() => replica.LogDensity(block, latent, cancellation), clock, cancellation);
            answers.AddRange(numbers(densities).Span);
        }
        return [.. answers];
    }
}
