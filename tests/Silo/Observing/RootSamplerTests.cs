using System.Diagnostics;
using FlowGrain.Silo.Observing;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Trace;

namespace FlowGrain.Tests.Silo.Observing;

public sealed class RootSamplerTests
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly FakeTimeProvider _clock = new();
    private readonly RootSampler _sampler;

    public RootSamplerTests() => _sampler = new RootSampler(_clock);

    [Fact]
    public void Our_spans_begin_traces_and_calls_between_grains_do_not()
    {
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(IsTraced(Spans.Round)));
        Assert.False(IsTraced("IAggregatorGrain/Apply"));
    }

    [Fact]
    public void A_hundred_requests_a_second_begin_one()
    {
        Assert.Equal(100, Enumerable.Range(0, 1000).Count(_ => IsTraced(Request)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, Enumerable.Range(0, 1000).Count(_ => IsTraced(Request)));
    }

    private bool IsTraced(string name) =>
        _sampler.ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), name, ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample;
}
