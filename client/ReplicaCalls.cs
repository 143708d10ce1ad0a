using System.Runtime.CompilerServices;
using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>Bulk questions to one model, cut into calls of moderate size.</summary>
internal sealed class ReplicaCalls(IModelReplicaGrain replica, ModelDescription model, TimeProvider clock)
{
    internal const int CallRows = 16_384; // 16k rows of 8 doubles are the 1 MiB that a message may weigh without delaying others

    internal async IAsyncEnumerable<ReadOnlyMemory<double>> Sample(SampleOrder order, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var context = new Block<double>(order.Context.AsMemory());
        for (long first = 0; first < order.Rows; first += CallRows)
        {
            var rows = (int)Math.Min(CallRows, order.Rows - first);
            var request = new SampleRequest(first, rows, order.Seed, context);
            var drawn = await Repeated.Call(() => replica.Sample(request, cancellation), clock, cancellation);
            yield return drawn.Values;
        }
    }

    internal async Task<float[]> LogDensity(ReadOnlyMemory<double> rows, CancellationToken cancellation)
    {
        var width = model.Columns.Length + model.Context.Length;
        var answers = new float[rows.Length / width];
        for (var first = 0; first < answers.Length; first += CallRows)
        {
            var count = Math.Min(CallRows, answers.Length - first);
            var block = new Block<double>(rows.Slice(first * width, count * width));
            var densities = await Repeated.Call(() => replica.LogDensity(block, latent: false, cancellation), clock, cancellation);
            densities.LogDensity.Span.CopyTo(answers.AsSpan(first));
        }
        return answers;
    }
}
