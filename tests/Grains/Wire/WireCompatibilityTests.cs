using System.Collections.Immutable;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FlowGrain.Tests.Grains.Wire;

/// <summary>Silos of neighbouring versions understand each other: a field that one of them does not know is passed over, one that is absent is empty.</summary>
public sealed class WireCompatibilityTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_message_of_the_next_version_is_read_without_its_new_field()
    {
        var next = new NextNoiseScale(0.1, 16, "what version 2 says", [1, 2, 3]);
        Assert.Equal(new NoiseScale(0.1, 16), Cross<NextNoiseScale, NoiseScale>(next));
    }

    [Fact]
    public void The_next_version_finds_its_new_field_empty_in_a_message_of_this_one()
    {
        var read = Cross<NoiseScale, NextNoiseScale>(new NoiseScale(0.1, 16));
        Assert.Equal((0.1, 16.0, null), (read.Deviations, read.Share, read.Reason));
        Assert.True(read.Levels.IsDefault);
    }

    [Theory, InlineData(1, 1, true), InlineData(1, 2, true), InlineData(3, 2, true), InlineData(1, 3, false), InlineData(4, 2, false)]
    public void Neighbouring_versions_interoperate(int one, int other, bool understood) => Assert.Equal(understood, WireVersion.Interoperate(one, other));

    private TRead Cross<TWritten, TRead>(TWritten message)
    {
        var bytes = _services.GetRequiredService<Serializer<TWritten>>().SerializeToArray(message);
        return _services.GetRequiredService<Serializer<TRead>>().Deserialize(bytes)!;
    }
}

/// <summary><see cref="NoiseScale"/> as a later version might have it.</summary>
[GenerateSerializer, Immutable, Alias("flowgrain.tests.NextNoiseScale")]
public sealed record NextNoiseScale([property: Id(0)] double Deviations, [property: Id(1)] double Share, [property: Id(2)] string? Reason, [property: Id(3)] ImmutableArray<int> Levels);
