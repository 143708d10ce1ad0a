using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>What the changes of a model come to, and which changes may follow them.</summary>
internal static class Registrations
{
    private const int Shown = 1000; // changes that a registration carries

    /// <summary>Of a model of which nobody has changed anything.</summary>
    internal static ModelRegistration None { get; } = new(ImmutableSortedDictionary<string, int>.Empty, null, false, []);

    /// <summary>Of a model with these changes, oldest first.</summary>
    internal static ModelRegistration Of(ImmutableArray<RegistryChange> changes)
    {
        var aliases = ImmutableSortedDictionary<string, int>.Empty;
        var (traffic, unloaded) = ((TrafficRule?)null, false);
        foreach (var change in changes)
        {
            aliases = change switch
            {
                { Kind: RegistryChangeKind.Pointed or RegistryChangeKind.RolledBack, Alias: { } alias, Version: { } version } => aliases.SetItem(alias, version),
                { Kind: RegistryChangeKind.Removed, Alias: { } alias } => aliases.Remove(alias),
                _ => aliases,
            };
            traffic = change.Kind switch
            {
                RegistryChangeKind.Split or RegistryChangeKind.Shadowed => new TrafficRule(change.Alias!, change.PerMille ?? 0, change.Kind is RegistryChangeKind.Shadowed),
                RegistryChangeKind.Unsplit => null,
                RegistryChangeKind.Removed when traffic?.Alias == change.Alias => null, // with the whole model
                _ => traffic,
            };
            unloaded = change.Kind switch { RegistryChangeKind.Unloaded => true, RegistryChangeKind.Loaded => false, _ => unloaded };
        }

        return new ModelRegistration(aliases, traffic, unloaded, changes.Length <= Shown ? changes : changes[^Shown..]);
    }

    /// <summary>What an alias named before what it names now; null for nothing. Rolling back twice goes back two steps.</summary>
    internal static int? Before(ImmutableArray<RegistryChange> changes, string alias)
    {
        var named = ImmutableStack<int>.Empty;
        foreach (var change in changes.Where(change => change.Alias == alias))
        {
            named = change.Kind switch
            {
                RegistryChangeKind.Pointed => named.Push(change.Version!.Value),
                RegistryChangeKind.RolledBack => named.Pop(),
                RegistryChangeKind.Removed => [],
                _ => named,
            };
        }

        return named.IsEmpty || named.Pop().IsEmpty ? null : named.Pop().Peek();
    }

    /// <summary>The largest number that a version had which is gone; 0 for none.</summary>
    internal static int HighestDeleted(ImmutableArray<RegistryChange> changes) =>
        changes.Where(change => change.Kind is RegistryChangeKind.Deleted).Select(change => change.Version ?? 0).DefaultIfEmpty().Max();
}
