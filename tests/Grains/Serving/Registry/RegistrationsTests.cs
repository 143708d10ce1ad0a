using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving.Registry;

public sealed class RegistrationsTests
{
    [Fact]
    public void Rolling_back_goes_back_a_step_each_time()
    {
        ImmutableArray<RegistryChange> changes = [Pointed(1), Pointed(2), Pointed(3)];
        Assert.Equal(2, Registrations.Before(changes, "champion"));
        changes = changes.Add(Back(2));
        Assert.Equal(2, Registrations.Of(changes).Aliases["champion"]);
        Assert.Equal(1, Registrations.Before(changes, "champion"));
        changes = changes.Add(Back(1));
        Assert.Null(Registrations.Before(changes, "champion"));
        Assert.Equal(1, Registrations.Before(changes.Add(Pointed(3)), "champion"));
        Assert.Null(Registrations.Before(changes, "challenger"));
    }

    [Fact]
    public void A_rule_gives_its_part_of_the_ids_to_another_version_and_the_same_id_always_to_the_same()
    {
        var model = Model(new TrafficRule("challenger", 100, IsShadow: false));
        var ids = Enumerable.Range(0, 10_000).Select(i => $"request-{i}").ToList();
        var answered = ids.Select(id => model.NamedFor(id)).ToList();
        Assert.InRange(answered.Count(version => version == 2), 900, 1100); // 10% and three deviations
        Assert.Equal(answered, ids.Select(id => model.NamedFor(id)));
        Assert.All(ids, id => Assert.Null(model.ShadowFor(id)));

        var shadow = Model(new TrafficRule("challenger", 1000, IsShadow: true));
        Assert.All(ids, id => Assert.Equal((1, 2), (shadow.NamedFor(id)!.Value, shadow.ShadowFor(id)!.Value)));
    }

    [Fact]
    public void A_version_is_named_by_number_or_alias_and_the_champion_stands_for_none()
    {
        var model = Model(null);
        Assert.Equal((1, 3, 2), (model.Version(null), model.Version("3"), model.Version("challenger")));
        Assert.Equal(3, (model with { Registration = Registrations.None }).Version(null));
        Assert.Equal("Model 'm' has no version 4; it has 1, 2, 3.", Assert.Throws<NotFoundException>(() => model.Version("4")).Message);
        Assert.Contains("did you mean challenger?", Assert.Throws<NotFoundException>(() => model.Version("chalenger")).Message, StringComparison.Ordinal);
        Assert.Equal(["challenger"], model.AliasesOf(2));
    }

    [Fact]
    public void Traffic_ends_with_its_alias()
    {
        var split = new RegistryChange(default, RegistryChangeKind.Split) { Alias = "champion", PerMille = 10 };
        Assert.NotNull(Registrations.Of([Pointed(1), split]).Traffic);
        Assert.Null(Registrations.Of([Pointed(1), split, new(default, RegistryChangeKind.Removed) { Alias = "champion" }]).Traffic);
    }

    [Fact]
    public void A_number_that_was_deleted_is_not_given_again() =>
        Assert.Equal(7, Registrations.HighestDeleted([new(default, RegistryChangeKind.Deleted) { Version = 7 }, new(default, RegistryChangeKind.Deleted) { Version = 3 }, Pointed(9)]));

    private static RegisteredModel Model(TrafficRule? rule) =>
        new("m", [1, 2, 3], Registrations.None with { Aliases = Registrations.None.Aliases.Add("champion", 1).Add("challenger", 2), Traffic = rule });

    private static RegistryChange Pointed(int version) => new(default, RegistryChangeKind.Pointed) { Alias = "champion", Version = version };

    private static RegistryChange Back(int version) => new(default, RegistryChangeKind.RolledBack) { Alias = "champion", Version = version };
}
