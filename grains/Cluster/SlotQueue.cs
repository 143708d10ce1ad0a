using System.Collections.Immutable;

namespace FlowGrain.Cluster;

/// <summary>Divides slots among runs: a pure function of both and of the division before, from which it moves as little as it must.</summary>
internal static class SlotQueue
{
    /// <summary>The slots of every run that wants some.</summary>
    internal static ImmutableDictionary<string, ImmutableArray<Slot>> Divide(
        IReadOnlyList<SiloDescription> silos, IEnumerable<SlotRequest> runs, ImmutableDictionary<string, ImmutableArray<Slot>> before)
    {
        var free = silos.SelectMany(silo => Enumerable.Range(0, silo.Slots).Select(index => (Silo: silo, Slot: new Slot(silo.Address, index)))).ToList();
        var shares = ImmutableDictionary.CreateBuilder<string, ImmutableArray<Slot>>();
        foreach (var equals in runs.GroupBy(run => run.Priority).OrderByDescending(group => group.Key)) Deal([.. equals.OrderBy(run => run.Since).ThenBy(run => run.Run, StringComparer.Ordinal)], free, before, shares);
        return shares.ToImmutable();
    }

    /// <summary>One slot to each in turn, those that it has already first, until nobody can use what is left.</summary>
    private static void Deal(
        SlotRequest[] runs, List<(SiloDescription Silo, Slot Slot)> free, ImmutableDictionary<string, ImmutableArray<Slot>> before, ImmutableDictionary<string, ImmutableArray<Slot>>.Builder shares)
    {
        foreach (var run in runs) shares[run.Run] = [];
        for (var dealt = true; dealt;)
        {
            dealt = false;
            foreach (var run in runs)
            {
                if (Next(run, free, before.GetValueOrDefault(run.Run, [])) is not { } slot) continue;
                free.RemoveAll(one => one.Slot == slot);
                shares[run.Run] = shares[run.Run].Add(slot);
                dealt = true;
            }
        }
    }

    private static Slot? Next(SlotRequest run, List<(SiloDescription Silo, Slot Slot)> free, ImmutableArray<Slot> had)
    {
        var usable = free.Where(one => one.Silo.DeviceClasses.Contains(run.DeviceClass)).ToList();
        if (usable.Count == 0) return null;
        return usable.FirstOrDefault(one => had.Contains(one.Slot), usable[0]).Slot;
    }
}
