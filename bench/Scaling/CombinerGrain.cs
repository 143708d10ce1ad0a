using FlowGrain.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Bench.Scaling;

/// <inheritdoc cref="ICombinerGrain" />
[OnNamedSilo]
internal sealed class CombinerGrain : Grain, ICombinerGrain
{
    private CombinerOpening? _opening;
    private ReductionTree? _sums;

    public Task Open(CombinerOpening opening)
    {
        (_opening, _sums) = (opening, new ReductionTree(opening.Shards, opening.Length));
        return Task.CompletedTask;
    }

    public async Task Submit(PartialSum sum)
    {
        var (opening, sums) = (_opening!, _sums!);
        if (SiloRun.Hash(sum.Sums.Span) != sum.Hash) throw new InvalidDataException($"The sum of {sum.Span} arrived damaged.");
        sums.Add(Inside(opening.Span, sum.Span), sum.Sums.Span, new ShardTotals(sum.Loss, sum.Rows, sum.RowHash), sum.Leaves);
        if (!sums.IsFull) return;
        await PassOn(opening, Sums.Of(sum.Epoch, sums.Root with { Span = opening.Span }));
        sums.Clear();
        DeactivateOnIdle();
    }

    /// <summary>A stretch as seen from inside of another.</summary>
    private static ShardSpan Inside(ShardSpan outer, ShardSpan inner) => inner with { Index = inner.Index - (outer.Index << (outer.Level - inner.Level)) };

    private Task PassOn(CombinerOpening opening, PartialSum sum) => opening.Parent is { } parent
        ? GrainFactory.GetGrain<ICombinerGrain>(parent).Submit(sum)
        : Sums.Submit(GrainFactory.GetGrain<IAggregatorGrain>(opening.Root), sum);
}
