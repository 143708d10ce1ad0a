using FlowGrain.Serving;
using FlowGrain.Silo.Inference;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Silo.Inference;

public sealed class BodyRoomTests
{
    private readonly BodyRoom _room = new(Options.Create(new ServingOptions { BodyBytes = 100 }), TimeProvider.System);

    [Fact]
    public void Bodies_find_room_while_there_is_some_and_one_alone_always()
    {
        using (var alone = new TakenRoom(_room))
        {
            alone.Grow(150);
            alone.Grow(50);
            using var other = new TakenRoom(_room);
            var full = Assert.Throws<OverloadedException>(() => other.Grow(1));
            Assert.Equal("Requests of 200 bytes are answered on this silo right now, of 100 that may; ask again in a second, or another silo.", full.Message);
        }

        using var half = new TakenRoom(_room);
        half.Grow(50);
        using var more = new TakenRoom(_room);
        more.Grow(50);
        Assert.Throws<OverloadedException>(() => half.Grow(1));
        more.Dispose();
        more.Dispose();
        half.GrowByNumbers(3); // of 16 bytes
        using var last = new TakenRoom(_room);
        Assert.Throws<OverloadedException>(() => last.GrowByNumbers(1));
    }

    [Fact]
    public async Task A_body_takes_room_for_what_was_read_of_it_unpacked_and_gives_it_back()
    {
        using var other = new TakenRoom(_room);
        other.Grow(60);
        await Ask(bytes: 40);
        await Assert.ThrowsAsync<OverloadedException>(() => Ask(bytes: 41));
        await Ask(bytes: 40);
    }

    [Fact]
    public async Task A_body_of_a_told_length_is_refused_before_it_is_read()
    {
        using var other = new TakenRoom(_room);
        other.Grow(60);
        await Assert.ThrowsAsync<OverloadedException>(() => Ask(bytes: 0, told: 41));
    }

    [Fact]
    public async Task A_large_body_takes_nothing_from_others_before_it_comes()
    {
        using var other = new TakenRoom(_room);
        other.Grow(60);
        await Ask(bytes: 40, told: 1 << 20);
        await Assert.ThrowsAsync<OverloadedException>(() => Ask(bytes: 41, told: 1 << 20));
    }

    [Fact]
    public void What_no_client_waits_for_takes_half_of_the_room_at_most_and_leaves_the_rest_to_clients()
    {
        Assert.Null(_room.Spare(51));
        using var client = new TakenRoom(_room);
        client.Grow(20);
        var spare = _room.Spare(30);
        Assert.Null(_room.Spare(1));
        client.Grow(50);
        Assert.Throws<OverloadedException>(() => client.Grow(1));
        spare!.Dispose();
        client.Grow(30);
    }

    [Fact]
    public async Task A_call_of_grpc_that_finds_no_room_is_told_so_as_grpc_has_it()
    {
        using var other = new TakenRoom(_room);
        other.Grow(60);
        var full = await Assert.ThrowsAsync<RpcException>(() => Ask(bytes: 41, contentType: "application/grpc"));
        Assert.Equal(StatusCode.ResourceExhausted, full.StatusCode);
    }

    [Theory]
    [InlineData("/v2/models/m/infer", null, true)]
    [InlineData("/inference.GRPCInferenceService/ModelInfer", "application/grpc", true)]
    [InlineData("/grpc.health.v1.Health/Check", "application/grpc+proto", true)]
    [InlineData("/api/v1/models/m/log-densities", null, true)]
    [InlineData("/API/v1/models/m/Log-Densities/", null, true)]
    [InlineData("/api/v1/datasets", null, false)]
    public void Whatever_is_held_in_memory_asks_for_room(string path, string? contentType, bool isBounded) =>
        Assert.Equal(isBounded, BodyRoom.Bounds(new DefaultHttpContext { Request = { Path = path, ContentType = contentType } }));

    private Task Ask(int bytes, long? told = null, string? contentType = null)
    {
        var context = new DefaultHttpContext { Request = { Method = "POST", Body = new MemoryStream(new byte[bytes]), ContentLength = told, ContentType = contentType } };
        if (told is null) context.Request.Headers.ContentEncoding = "gzip"; // which somebody unpacks between the two
        return _room.Admit(context, admitted => BodyRoom.Count(admitted, counted => counted.Request.Body.CopyToAsync(Stream.Null)));
    }
}
