using System.Net;
using System.Text;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Training;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Tests.Client;

/// <summary>The log of a run, followed over connections that break.</summary>
public sealed class RunLogFollowTests
{
    [Fact]
    public async Task A_connection_that_breaks_costs_no_line_and_brings_none_twice()
    {
        RunLogLine[] said = [Line("f", 10, "one"), Line("g", 20, "two"), Line("f", 30, "three")];
        using var silo = new Answers(Events(said[..2]), Events(said) + "event: alive\ndata: {}\n\nevent: end\ndata: {}\n\n");
        using var http = new HttpClient(silo) { BaseAddress = new("http://silo/api/v1/") };
        var cluster = new HttpCluster(http, new AnswerFiles(), TimeProvider.System);
        var lines = new List<RunLogLine>();
        await foreach (var line in cluster.Log("m", follow: true, TestContext.Current.CancellationToken)) lines.Add(line);
        Assert.Equal(said, lines);
        Assert.Equal(2, silo.Asked);
    }

    private static RunLogLine Line(string file, long end, string message) => new(DateTimeOffset.UnixEpoch, "a", LogLevel.Information, "E", message) { File = file, End = end };

    private static string Events(RunLogLine[] lines) => string.Concat(lines.Select(line => $"event: line\ndata: {JsonSerializer.Serialize(line, ApiJson.Options)}\n\n"));

    /// <summary>A silo that answers with one stream of events after another.</summary>
    private sealed class Answers(params string[] streams) : HttpMessageHandler
    {
        internal int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(streams[Asked++], Encoding.UTF8, "text/event-stream") });
    }
}
