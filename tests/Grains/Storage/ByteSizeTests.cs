using FlowGrain.Cluster;
using FlowGrain.Storage;

namespace FlowGrain.Tests.Grains.Storage;

/// <summary>Sizes as a quota has them.</summary>
public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("200GB", 200_000_000_000)]
    [InlineData("1.5 kb", 1500)]
    [InlineData("2MiB", 2 << 20)]
    [InlineData("3G", 3_000_000_000)]
    [InlineData("1T", 1_000_000_000_000)]
    [InlineData("0", 0)]
    public void A_size_is_read(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory, InlineData(""), InlineData("GB"), InlineData("-1"), InlineData("5 XB"), InlineData("5 GG"), InlineData("1e9"), InlineData("9999999999 TB")]
    public void What_is_none_is_not(string text) => Assert.Null(ByteSize.Parse(text));

    [Theory, InlineData("checkpoints"), InlineData("200 PB")]
    public void A_quota_that_is_none_is_refused_when_the_silo_starts(string quota)
    {
        var result = new StorageOptionsRules().Validate(null, new StorageOptions { DataQuota = quota, CheckpointQuota = quota });
        Assert.Equal(["DataQuota", "CheckpointQuota"], result.Failures!.Select(failure => failure.Split(':', ' ')[1]));
        Assert.All(result.Failures!, failure => Assert.EndsWith($"is '{quota}', which is no size; give bytes, or a number with kB, MB, GB or TB, such as 200GB.", failure));
    }
}
