using System.Text;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FlowGrain.Tests.Grains.Wire;

/// <summary>What a sum carries beside its numbers.</summary>
public sealed class SubmittedSumTests(ITestOutputHelper output)
{
    private const int Shards = 16;

    [Fact]
    public async Task A_sum_names_each_of_its_workers_once_however_many_shards_they_computed()
    {
        var wire = new Tap();
        await using var embedded = await EmbeddedFixture.Start(slots: 1, parts: services => services.AddSingleton<IIncomingGrainCallFilter>(wire));
        await embedded.Train("m", embedded.Plan() with { Shards = Shards });

        var (sum, bytes) = wire.Largest;
        Assert.True(sum.Leaves.Length > 1, $"the largest sum has {sum.Leaves.Length} shards");
        Assert.Equal(1, Count(bytes, sum.Leaves[0].Worker));
        output.WriteLine($"{sum.Leaves.Length} shards of a worker with a name of {sum.Leaves[0].Worker.Length} letters: {bytes.Length - sum.Sums.Length * sizeof(float)} bytes beside the numbers");
    }

    private static int Count(byte[] bytes, string name) => Encoding.Latin1.GetString(bytes).Split(name).Length - 1;

    /// <summary>Keeps the sum of the most shards, as it would travel between silos.</summary>
    private sealed class Tap : IIncomingGrainCallFilter
    {
        private readonly Serializer<PartialSum> _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<PartialSum>>();
        private readonly Lock _gate = new();

        internal (PartialSum Sum, byte[] Bytes) Largest { get; private set; }

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.ImplementationMethod.Name == nameof(IAggregatorGrain.Submit) && context.Request.GetArgument(0) is PartialSum sum) Keep(sum);
            return context.Invoke();
        }

        private void Keep(PartialSum sum)
        {
            lock (_gate)
            {
                if (Largest.Sum is { } largest && largest.Leaves.Length >= sum.Leaves.Length) return;
                Largest = (sum, _serializer.SerializeToArray(sum));
            }
        }
    }
}
