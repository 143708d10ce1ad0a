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

    internal async Task<float[]> LogDensity(ReadOnlyMemory<double> rows, CancellationToken cancellation)
    {
        var width = model.Columns.Length + model.Context.Length;
        var (answers, most) = (new float[rows.Length / width], CallSize.Rows(width));
        for (var first = 0; first < answers.Length; first += most)
        {
            var count = Math.Min(most, answers.Length - first);
            var block = new Block<double>(rows.Slice(first * width, count * width));
            var densities = await Repeated.Call(() => replica.LogDensity(block, latent: false, cancellation), clock, cancellation);
            densities.LogDensity.Span.CopyTo(answers.AsSpan(first));
        }
        return answers;
    }
}
