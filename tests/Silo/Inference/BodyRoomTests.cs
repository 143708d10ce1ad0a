using FlowGrain.Serving;
using FlowGrain.Silo.Inference;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Silo.Inference;

public sealed class BodyRoomTests
{
    [Fact]
    public void Bodies_find_room_while_there_is_some_and_one_alone_always()
    {
        var room = new BodyRoom(Options.Create(new ServingOptions { BodyBytes = 100 }));
        using (room.Take(150))
        {
            var full = Assert.Throws<OverloadedException>(() => room.Take(1));
            Assert.Equal("Requests of 150 bytes are answered on this silo right now, of 100 that may; ask again in a second, or another silo.", full.Message);
        }

        using var half = room.Take(50);
        var other = room.Take(50);
        Assert.Throws<OverloadedException>(() => room.Take(1));
        other.Dispose();
        other.Dispose();
        using var again = room.Take(50);
        Assert.Throws<OverloadedException>(() => room.Take(1));
    }
}
