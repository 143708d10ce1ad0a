using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RoundLogTests : IDisposable
{
    private static readonly Epoch Epoch = new(3, Guid.Parse("11111111-2222-3333-4444-555555555555"));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_appended_group_by_group_and_come_back_in_order()
    {
        var log = new RoundLog(_folder.Path, Epoch, []);
        log.Append([Line(1), Line(2)]);
        log.Append([Line(3)]);
        Assert.Equal([1L, 2, 3], log.Lines().Select(line => line.Step));
        Assert.All(log.Segments, segment => Assert.True(segment.IsIntact(_folder.Path)));
    }

    [Fact]
    public void A_file_that_another_activation_has_begun_is_never_written_into()
    {
        new RoundLog(_folder.Path, Epoch, []).Append([Line(1)]);
        var taken = Assert.Throws<StaleEpochException>(() => new RoundLog(_folder.Path, Epoch, []).Append([Line(1)]));
        Assert.Contains($"'{_folder.In("rounds.e3.csv")}'", taken.Message, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(_folder.In("rounds.e3.csv")));
    }

    [Fact]
    public void A_segment_that_is_absent_short_or_changed_is_not_intact()
    {
        var segment = Assert.Single(new RoundLog(_folder.Path, Epoch, []).Append([Line(1), Line(2)]));
        var path = _folder.In(segment.File);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^1]);
        Assert.False(segment.IsIntact(_folder.Path));
        File.WriteAllBytes(path, [.. bytes[..^2], (byte)'x', .. bytes[^1..]]);
        Assert.False(segment.IsIntact(_folder.Path));
        File.Delete(path);
        Assert.False(segment.IsIntact(_folder.Path));
    }

    private static RoundLine Line(long step) => new(step, Epoch: 1, Rows: 8, RowHash: 5, Loss: 1.5, Weights: 9, Shards: 4, Attempts: 4, Rejects: 0, Workers: 2);
}
