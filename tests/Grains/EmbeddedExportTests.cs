using FlowGrain.Bench.Observing;
using FlowGrain.Tests.Silo.Observing;

namespace FlowGrain.Tests.Grains;

public sealed class EmbeddedExportTests
{
    [Fact]
    public async Task The_silo_inside_a_command_exports_too_and_is_done_with_it_when_it_ends()
    {
        await using var receiver = await OtlpReceiver.Start();
        var run = $"inside-{Guid.NewGuid():N}"; // other tests of this process are traced too
        await using (var embedded = await EmbeddedFixture.Start(settings: $"Otlp:Endpoint={receiver.Grpc}")) await embedded.Train(run, embedded.Plan("nice", steps: 5));
        Assert.Contains(receiver.Spans, sent => sent.Span.Name == Spans.Job && sent.Span.Tag(Spans.RunTag) == run);
        Assert.All(receiver.Rounds(run), round => Assert.True(round.IsWholeRound(4)));
        Assert.Contains(receiver.Metrics, sent => sent.Metric.Name == "flowgrain.train.rounds");
        Assert.All(receiver.Spans, sent => Assert.Equal("flowgrain", sent.From.Attributes.Of("service.name")));
    }
}
