using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Api;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>What versions of a model are called, and how that came about; an alias can be moved, rolled back to version 1, and removed.</summary>
internal sealed class MadeUpRegistry
{
    private const string By = "ada";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal ModelRegistration State { get; private set; } = new(
        ImmutableSortedDictionary<string, int>.Empty.Add("champion", 2), Traffic: null, IsUnloaded: false,
        [new RegistryChange(Now, RegistryChangeKind.Pointed) { Alias = "champion", Version = 2, By = By }]);

    internal ModelRegistration Point(string alias, AliasOrder order) => Name(alias, int.Parse(order.Version, CultureInfo.InvariantCulture), RegistryChangeKind.Pointed);

    internal ModelRegistration RollBack(string alias) => Name(alias, 1, RegistryChangeKind.RolledBack);

    internal ModelRegistration Remove(string alias) => State = Changed(RegistryChangeKind.Removed, alias, null) with { Aliases = State.Aliases.Remove(alias) };

    private ModelRegistration Name(string alias, int version, RegistryChangeKind kind) => State = Changed(kind, alias, version) with { Aliases = State.Aliases.SetItem(alias, version) };

    private ModelRegistration Changed(RegistryChangeKind kind, string alias, int? version) => State with { History = State.History.Add(new(Now, kind) { Alias = alias, Version = version, By = By }) };
}
