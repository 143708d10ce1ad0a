using FlowGrain.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FlowGrain.Tests.Grains.Storage;

public sealed class DiskSpaceTests
{
    [Fact]
    public void What_a_full_device_says_becomes_a_sentence_of_ours()
    {
        var error = Assert.Throws<DiskFullException>(() => DiskSpace.Use("/home/me", () =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.WriteByte(1);
        }));
        Assert.Equal("The disk that holds '/home/me' is full; free some space and run the same command again.", error.Message);
    }

    [Fact]
    public void Other_failures_stay_what_they_are()
    {
        Assert.Throws<FileNotFoundException>(() => DiskSpace.Use("/home/me", () => File.ReadAllText("/no-such-file")));
        Assert.Equal(7, DiskSpace.Use("/home/me", () => 7));
    }

    [Fact]
    public void It_is_the_same_exception_in_another_process()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var arrived = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(new DiskFullException("/home/me")));
        Assert.Equal(new DiskFullException("/home/me").Message, Assert.IsType<DiskFullException>(arrived).Message);
    }
}
