using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Training;
using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IModelGrain" />
/// <remarks>Files are read on the thread pool: a slow disk holds no turn. Two changes at once are told apart by the history's lock.</remarks>
[Reentrant]
internal sealed class ModelGrain(ModelStore store, ModelEngines engines, FolderChecks checks, ModelHosts hosts, ModelImport import, DataRoots roots) : Grain, IModelGrain
{
    private string Name => this.GetPrimaryKeyString();

    public Task<ModelDescription> Describe(string? version)
    {
        var name = Name;
        return Task.Run(() =>
        {
            var number = version is null ? engines.Meant(store.Find(name)) : store.Resolve(name, version);
            checks.Require(name, number);
            return ModelDescriptions.Of(store, name, number);
        });
    }

    public Task<ImmutableArray<LossPoint>> Losses(string? version)
    {
        var name = Name;
        return Task.Run(() => store.Describe(name, store.Resolve(name, version)).Record.LossesBySteps);
    }

    public Task<string> Card(string? version)
    {
        var name = Name;
        return Task.Run(() => store.Card(name, store.Resolve(name, version)));
    }

    public async Task Delete(int? version, string? by, CancellationToken cancellation = default)
    {
        var name = Name;
        try
        {
            await Task.Run(async () =>
            {
                if (!store.IsDeleted(name, version)) store.Resolve(name, version); // or nobody learns that it is not there
                if (version is null && store.Versions(name).Length > 0) RequireUnnamed(store.Find(name));
                await store.Delete(name, version, by, cancellation);
            }, cancellation);
        }
        finally
        {
            await hosts.Look(name); // some versions may be gone where the rest was called off
        }
    }

    /// <summary>Returns where no alias names any version: of a model that clients ask for, none is deleted before they do so no more.</summary>
    private static void RequireUnnamed(RegisteredModel model)
    {
        foreach (var version in model.Versions) model.RequireUnnamed(version);
    }

    public Task<ModelRegistration> Registration()
    {
        var name = Name;
        return Task.Run(() => store.Find(name).Registration);
    }

    public async Task<ModelRegistration> Point(string alias, string version, int? expected, string? by, CancellationToken cancellation = default)
    {
        ModelAlias.Require(alias);
        var (name, target) = (Name, await Version(version));
        await Task.Run(() => store.Verify(name, target)); // silos that have it in memory would not see that it is damaged on disk
        await hosts.Prepare(name, target, cancellation);
        return await Change((model, all) =>
        {
            var now = model.Registration.Aliases.GetValueOrDefault(alias);
            if (expected is { } believed && believed != now && !(now == target && IsMoved(all, alias, believed))) throw Moved(alias, now, believed);
            if (now == target) return null;
            return store.Happened(RegistryChangeKind.Pointed, by) with { Alias = alias, Version = model.Version(Text(target)) };
        }, cancellation);
    }

    public async Task<ModelRegistration> RollBack(string alias, int from, string? by, CancellationToken cancellation = default)
    {
        var name = Name;
        var changes = await Task.Run(() => store.Changes(name));
        if (IsDone(changes, alias, from)) return await Registration();
        var before = Registrations.Before(changes, alias) ?? throw new BadInputException($"'{alias}' of model '{name}' named nothing before it first named version {from}; move it with 'flowgrain models alias {name}@VERSION {alias}'.");
        await hosts.Prepare(name, await Version(Text(before)), cancellation);
        return await Change((model, all) =>
        {
            var now = model.Registration.Aliases.GetValueOrDefault(alias);
            if (IsDone(all, alias, from)) return null;
            if (now != from) throw Moved(alias, now, from);
            if (Registrations.Before(all, alias) != before) throw new AliasConflictException($"'{alias}' of model '{Name}' was moved meanwhile; look with 'flowgrain models alias {Name}', and try again.");
            return store.Happened(RegistryChangeKind.RolledBack, by) with { Alias = alias, Version = before };
        }, cancellation);
    }

    public Task<ModelRegistration> RemoveAlias(string alias, string? by, CancellationToken cancellation = default) => Change((model, _) =>
    {
        if (!model.Registration.Aliases.ContainsKey(alias)) return null;
        if (model.Registration.Traffic?.Alias == alias) throw new BadInputException($"Requests for model '{model.Name}' go to '{alias}'; end that first with 'flowgrain models traffic {model.Name} --off'.");
        return store.Happened(RegistryChangeKind.Removed, by) with { Alias = alias };
    }, cancellation);

    public async Task<ModelRegistration> Route(TrafficRule? rule, string? by, CancellationToken cancellation = default)
    {
        if (rule is null) return await Change((model, _) => model.Registration.Traffic is null ? null : store.Happened(RegistryChangeKind.Unsplit, by), cancellation);
        if (rule.PerMille is < 1 or > TrafficRule.Whole) throw new BadInputException($"{rule.PerMille} of a thousand requests were asked for; take 1 to {TrafficRule.Whole}.");
        if (rule.Alias == ModelAlias.Champion) throw new BadInputException($"'{ModelAlias.Champion}' answers every request of model '{Name}' that no other alias gets; give a part of them to another alias, such as challenger.");
        await hosts.Prepare(Name, await Version(rule.Alias), cancellation);
        return await Change((model, _) =>
        {
            model.Version(rule.Alias); // somebody may have removed it
            return model.Registration.Traffic == rule ? null
                : store.Happened(rule.IsShadow ? RegistryChangeKind.Shadowed : RegistryChangeKind.Split, by) with { Alias = ModelAlias.Require(rule.Alias), PerMille = rule.PerMille };
        }, cancellation);
    }

    public async Task<ModelRegistration> Serve(bool isLoaded, string? by, CancellationToken cancellation = default)
    {
        if (isLoaded) await hosts.Prepare(Name, await Version(null), cancellation);
        return await Change((model, _) => model.Registration.IsUnloaded != isLoaded ? null : store.Happened(isLoaded ? RegistryChangeKind.Loaded : RegistryChangeKind.Unloaded, by), cancellation);
    }

    public Task Export(string? version, string path)
    {
        var name = Name;
        return Task.Run(() =>
        {
            roots.RequireOutput(path, store.PathOf(name, store.Resolve(name, version)));
            store.Export(name, store.Resolve(name, version), path);
        });
    }

    public async Task<ModelDescription> Import(string path, CancellationToken cancellation = default)
    {
        var name = Name;
        var version = await Task.Run(() =>
        {
            roots.RequireOne(path);
            return import.Run(name, path, cancellation);
        }, cancellation);
        await hosts.Look(name);
        return await Describe(Text(version));
    }

    /// <summary>Whether the last that happened to an alias is that it was rolled back from a version.</summary>
    private static bool IsDone(ImmutableArray<RegistryChange> changes, string alias, int from) =>
        changes.LastOrDefault(change => change.Alias == alias && change.Version is not null) is { Kind: RegistryChangeKind.RolledBack } last &&
        Registrations.Of(changes[..changes.IndexOf(last)]).Aliases.GetValueOrDefault(alias) == from;

    /// <summary>Whether the last that happened to an alias is that it was moved from a version, or from none, to what it names: the same call again finds it so.</summary>
    private static bool IsMoved(ImmutableArray<RegistryChange> changes, string alias, int from) =>
        changes.LastOrDefault(change => change.Alias == alias && change.Version is not null) is { Kind: RegistryChangeKind.Pointed } last &&
        Registrations.Of(changes[..changes.IndexOf(last)]).Aliases.GetValueOrDefault(alias) == from;

    private async Task<ModelRegistration> Change(Func<RegisteredModel, ImmutableArray<RegistryChange>, RegistryChange?> change, CancellationToken cancellation)
    {
        var name = Name;
        await Task.Run(async () =>
        {
            store.Find(name); // or a history would be made of no model
            await store.Change(name, change, cancellation);
        }, cancellation);
        await hosts.Look(name);
        return await Registration();
    }

    private Task<int> Version(string? which)
    {
        var name = Name;
        return Task.Run(() => store.Resolve(name, which));
    }

    private AliasConflictException Moved(string alias, int now, int believed) => new(now == 0
        ? $"'{alias}' of model '{Name}' names nothing, and {believed} was expected; look with 'flowgrain models alias {Name}', and try again."
        : $"'{alias}' of model '{Name}' names version {now}, and {(believed == 0 ? "nothing" : $"version {believed}")} was expected; look with 'flowgrain models alias {Name}', and try again.");

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
