using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace FlowGrain.Tests.Silo.Inference.Malformed;

/// <summary>Whatever is sent to a silo, it answers with a sentence, lives, and answers others as if nothing were.</summary>
public sealed class MalformedRequestTests(ServingSilo silo) : IClassFixture<ServingSilo>
{
    private const int Lanes = 4;
    private const int WarmUp = 300; // requests after which it has the memory that it takes
    private const long Growth = 256 << 20; // of which 64 MiB may be bodies that are unpacked at once

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public Task Two_thousand_malformed_requests_are_refused_in_a_sentence_and_touch_nobody_else() =>
        Survive(seed: 1, requests: 2_000).WaitAsync(TestContext.Current.CancellationToken);

    [Fact(Explicit = true, Timeout = 3_600_000)]
    public Task Ten_thousand_malformed_requests_are_refused_in_a_sentence_and_touch_nobody_else() =>
        Survive(seed: 2, requests: 10_000).WaitAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_chunk_longer_than_can_be_counted_is_refused_in_a_sentence()
    {
        const string Head = "POST /v2/models/m/infer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";

        var bytes = Encoding.Latin1.GetBytes($"{Head}fffffffff\r\n"); // as far as it is read, so that nothing resets the connection
        var answer = await RawAnswer.To(silo.Url, new(bytes), Cancellation);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith("A chunk of the body announces a length", Error(answer.Body), StringComparison.Ordinal);
    }

    private async Task Survive(long seed, int requests)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var neighbour = Ask(ends.Token);
        var faults = new ConcurrentQueue<string>();
        await Send(seed, Enumerable.Range(0, WarmUp), faults);
        var before = silo.Resident;
        await Send(seed, Enumerable.Range(WarmUp, requests - WarmUp), faults);
        Assert.True(faults.IsEmpty, $"{faults.Count} of {requests} were answered wrongly, such as\n{string.Join('\n', faults.Take(10))}");
        await ends.CancelAsync();
        Assert.InRange(await neighbour, 20, int.MaxValue); // on a machine that has much else to do
        Assert.InRange(silo.Resident - before, long.MinValue, Growth);
        using var ready = await silo.Http.GetAsync(new Uri(silo.Url, "/v2/health/ready"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private Task Send(long seed, IEnumerable<int> numbers, ConcurrentQueue<string> faults)
    {
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = Cancellation };
        return Parallel.ForEachAsync(numbers, lanes, async (number, cancellation) =>
        {
            var request = MalformedRequest.Of(seed, number);
            var answer = await RawAnswer.To(silo.Url, request, cancellation);
            if (Fault(request, answer) is not { } fault) return;
            faults.Enqueue($"seed {seed}, number {number}: {fault}\n  of {Start(Encoding.Latin1.GetString(request.Bytes), 400)}\n  {answer.Status} {Start(answer.Body, 400)}");
        });
    }

    /// <summary>What is wrong with an answer; null for nothing.</summary>
    private string? Fault(MalformedRequest request, RawAnswer answer) => answer switch
    {
        { Status: null } => request.IsCut && answer.Body == "" ? null : "no answer",
        { Status: 200 } => request.MayPass ? null : "it was taken",
        { Status: 505, Body: "" } when !request.IsHttp => null, // of a version of HTTP that there is not
        { Status: < 400 or >= 500 } => "a status that says something else",
        { Body: "" } => request.IsHttp && !request.IsCut ? "no sentence" : null,
        _ => FaultOf(answer.Body),
    };

    private string? FaultOf(string body)
    {
        if (Error(body) is not { } sentence) return "an error that is none of the protocol";
        if (!sentence.Contains(' ') || sentence[^1] is not ('.' or '?')) return "no sentence";
        var told = new[] { "   at ", "Exception", "System.", Repository.Root, silo.Root, AppContext.BaseDirectory }.FirstOrDefault(word => sentence.Contains(word, StringComparison.Ordinal));
        return told is null ? null : $"it tells '{told}'";
    }

    private static string? Error(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("error", out var error) ? error.GetString() : json.RootElement.GetProperty("detail").GetString();
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Good requests one after another, each answered as the first; how many.</summary>
    private async Task<int> Ask(CancellationToken ends)
    {
        var (rows, scores) = silo.Scored(50);
        var body = $$"""{"inputs":[{"name":"x","shape":[50,2],"datatype":"FP64","data":[{{string.Join(',', rows.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}}]}]}""";
        var asked = 0;
        for (; !ends.IsCancellationRequested; asked++)
        {
            using var content = new StringContent(body);
            using var answer = await silo.Http.PostAsync(new Uri(silo.Url, "/v2/models/m/infer"), content, Cancellation);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
            Assert.Equal(scores, json.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle()));
        }

        return asked;
    }

    private static string Start(string text, int length) => text.Length <= length ? text : text[..length];
}
