using System.Diagnostics;
using FlowGrain.Silo.Observing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
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

    [Fact]
    public async Task Of_the_requests_beyond_them_those_that_fail_are_exported_too()
    {
        using var source = new ActivitySource($"requests-{Guid.NewGuid():N}");
        List<Activity> exported = [];
        using (var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).SetSampler(new ParentBasedSampler(_sampler)).AddProcessor(new SimpleActivityExportProcessor(new Kept(exported))).Build())
        {
            for (var request = 0; request < 300; request++)
            {
                using var span = source.StartActivity(Request, ActivityKind.Server);
                await Answer($"/{request}", request switch { 250 => StatusCodes.Status503ServiceUnavailable, 251 => StatusCodes.Status404NotFound, _ => StatusCodes.Status200OK });
                if (request == 252) await Assert.ThrowsAsync<IOException>(() => FailedRequests.Trace(Asked("/252"), _ => throw new IOException("The answer had begun.")));
            }
        }

        Assert.Equal(102, exported.Count);
        Assert.Equal([(ActivityStatusCode.Error, "/250"), (ActivityStatusCode.Error, "/252")], exported[100..].Select(span => (span.Status, span.GetTagItem("url.path"))));
    }

    private static Task Answer(string path, int status) => FailedRequests.Trace(Asked(path), context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    private static DefaultHttpContext Asked(string path) => new() { Request = { Method = "GET", Path = path } };

    private sealed class Kept(List<Activity> exported) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch) exported.Add(span);
            return ExportResult.Success;
        }
    }

    private bool IsTraced(string name) =>
        _sampler.ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), name, ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample;
}
