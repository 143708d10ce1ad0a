using System.Reflection;
using FlowGrain.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>An answer can be lost while both silos live; nobody may wait for it for ever.</summary>
public sealed class LostAnswerTests
{
    public static TheoryData<Type> Asked => [typeof(IAggregatorGrain), typeof(IWorkerGrain), typeof(IShardLeases), typeof(ISlotsGrain)];

    [Theory, MemberData(nameof(Asked))]
    public void What_a_round_waits_for_is_asked_again_after_a_minute_at_most(Type grain)
    {
        Assert.NotEmpty(grain.GetMethods());
        foreach (var method in grain.GetMethods())
            Assert.True((method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout ?? TimeSpan.Zero) <= TimeSpan.FromMinutes(1), $"{grain.Name}.{method.Name}");
    }
}
