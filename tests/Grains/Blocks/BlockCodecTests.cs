using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FlowGrain.Tests.Grains.Blocks;

/// <summary>Blocks as they travel between silos.</summary>
public sealed class BlockCodecTests
{
    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer(builder => builder.AddAssembly(typeof(BlockCodec<>).Assembly)).BuildServiceProvider().GetRequiredService<Serializer>();

    [Theory, InlineData(0), InlineData(1), InlineData(1000), InlineData(1_000_000)]
    public void Numbers_arrive_with_their_bits(int count)
    {
        float[] values = [.. Enumerable.Range(0, count).Select(i => BitConverter.Int32BitsToSingle(i * 2_654_435))];
        var back = Serializer.Deserialize<Block<float>>(Serializer.SerializeToArray(new Block<float>(values)))!;
        Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), back.Values.ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void A_block_costs_its_bytes_and_a_few_more() =>
        Assert.InRange(Serializer.SerializeToArray(new Block<double>(new double[10_000])).Length, 80_000, 80_064);

    [Fact]
    public void The_same_block_twice_travels_once()
    {
        var block = new Block<float>(new float[1000]);
        var bytes = Serializer.SerializeToArray<Block<float>[]>([block, block]);
        Assert.InRange(bytes.Length, 4000, 4100);
        var back = Serializer.Deserialize<Block<float>[]>(bytes)!;
        Assert.Same(back[0], back[1]);
    }

    [Fact]
    public void A_slice_travels_without_the_rest()
    {
        var back = Serializer.Deserialize<Block<float>>(Serializer.SerializeToArray(new Block<float>(new float[] { 1, 2, 3, 4 }.AsMemory(1, 2))))!;
        Assert.Equal([2f, 3f], back.Values.ToArray());
    }

    [Fact]
    public void A_length_that_cannot_be_honest_allocates_nothing()
    {
        var bytes = Serializer.SerializeToArray(new Block<byte>(new byte[300]));
        var at = bytes.AsSpan().IndexOf((byte[])[0b1011_0010, 0b0000_0100]); // 300 as Orleans writes a length
        Assert.True(at > 0, Convert.ToHexString(bytes.AsSpan(0, 32)));
        bytes[at + 1] = 0xF4; // two gigabytes and more
        Assert.ThrowsAny<Exception>(() => Serializer.Deserialize<Block<byte>>(bytes));
    }
}
