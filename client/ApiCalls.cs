using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Data;

namespace FlowGrain.Client;

/// <summary>Calls to the HTTP API. Each does the same twice as once, so it is repeated while nobody answers.</summary>
internal sealed class ApiCalls(HttpClient http, TimeProvider clock, Action<string> waiting, RepeatRule rule)
{
    private static readonly TimeSpan Answering = TimeSpan.FromMinutes(3); // a silo itself waits two for the others
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5); // then who waits is told
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45); // of an event stream, which speaks every ten seconds at the latest
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1); // before events are asked for again

    private bool _isSilent; // what is waited for is said once

    /// <summary>Asks for a document.</summary>
    internal Task<T> Get<T>(string path, CancellationToken cancellation) => Repeat(() => Document<T>(new(HttpMethod.Get, path), cancellation), cancellation);

    /// <summary>Asks for a document one time.</summary>
    internal async Task<T> Once<T>(string path, CancellationToken cancellation)
    {
        try
        {
            return await Document<T>(new(HttpMethod.Get, path), cancellation);
        }
        catch (NoAnswerException none)
        {
            throw new ClusterUnreachableException($"No FlowGrain silo answers at {Silo}: {none.Message}; {Unanswered.Remedy(none.InnerException) ?? "look whether it runs, and whether this is its Http:Urls"}.", none);
        }
    }

    /// <summary>Deletes; what is gone since the first attempt is deleted.</summary>
    internal Task Delete(string path, CancellationToken cancellation) => Repeat(() => Answered(new(HttpMethod.Delete, path), _ => Task.FromResult(true), cancellation), cancellation);

    /// <summary>Asks for bytes.</summary>
    internal Task<byte[]> Bytes(Func<HttpRequestMessage> request, CancellationToken cancellation) =>
        Ask(request, response => response.Content.ReadAsByteArrayAsync(cancellation), cancellation);

    /// <summary>Asks, and reads the answer.</summary>
    internal Task<T> Ask<T>(Func<HttpRequestMessage> request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellation) =>
        Repeat(() => Answered(request(), read, cancellation), cancellation);

    /// <summary>Sends something, once for each time that the request is made.</summary>
    internal Task<T> Send<T>(Func<HttpRequestMessage> request, CancellationToken cancellation) => Repeat(() => Document<T>(request(), cancellation, Timeout.InfiniteTimeSpan), cancellation);

    /// <summary>Sends something that has no answer, once for each time that the request is made.</summary>
    internal Task Send(Func<HttpRequestMessage> request, CancellationToken cancellation) => Repeat(() => Answered(request(), _ => Task.FromResult(true), cancellation), cancellation);

    /// <summary>Lets a file be read as it comes.</summary>
    internal Task Download(string path, Func<Stream, Task> read, CancellationToken cancellation) => Repeat(
        () => Answered(
            new(HttpMethod.Get, path),
            async response =>
            {
                await using var content = new AnswerStream(await response.Content.ReadAsStreamAsync(cancellation));
                await read(content);
                return true;
            },
            cancellation),
        cancellation);

    /// <summary>Does long work: says how far it is, and returns what it came to.</summary>
    internal async Task<T> Job<T>(Func<HttpRequestMessage> request, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        while (true)
        {
            await foreach (var (kind, data) in Events(request, cancellation))
            {
                if (kind == "result") return Read<T>(data);
                if (kind == "problem") throw ApiFaults.Of(data);
                if (kind == "reading") reading?.Report(Read<ReadingProgress>(data));
            }
        }
    }

    /// <summary>The events of one connection. It may end at any time; whoever wants more asks again.</summary>
    internal async IAsyncEnumerable<(string Kind, string Data)> Events(Func<HttpRequestMessage> request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        using var response = await Repeat(() => Opened(request(), cancellation), cancellation);
        await using var content = await response.Content.ReadAsStreamAsync(cancellation);
        await using var events = SseParser.Create(content).EnumerateAsync(either.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await Next(events, silence, cancellation)) yield return (events.Current.EventType, events.Current.Data);
        await Task.Delay(Pause, clock, cancellation);
    }

    /// <summary>Reads a document.</summary>
    internal static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ApiJson.Options) ?? throw new JsonException("The answer is null.");

    private static async Task<bool> Next(IAsyncEnumerator<SseItem<string>> events, CancellationTokenSource silence, CancellationToken cancellation)
    {
        silence.CancelAfter(Silence);
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false; // its silo is away, or silent
        }
    }

    private async Task<HttpResponseMessage> Opened(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await Sent(request, Answering, cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await ApiFaults.Of(response, cancellation);
    }

    private Task<T> Document<T>(HttpRequestMessage request, CancellationToken cancellation, TimeSpan? limit = null) =>
        Answered(request, async response => Read<T>(await response.Content.ReadAsStringAsync(cancellation)), cancellation, limit);

    private async Task<T> Answered<T>(HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellation, TimeSpan? limit = null)
    {
        using var response = await Sent(request, limit ?? Answering, cancellation);
        if (!response.IsSuccessStatusCode) throw await ApiFaults.Of(response, cancellation);
        try
        {
            return await read(response);
        }
        catch (HttpRequestException broken)
        {
            throw new NoAnswerException(Unanswered.Fault(broken), broken);
        }
    }

    private async Task<HttpResponseMessage> Sent(HttpRequestMessage request, TimeSpan limit, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            var sending = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (limit == Answering) await Notice(sending, either.Token);
            return await sending;
        }
        catch (HttpRequestException unreachable)
        {
            throw new NoAnswerException(Unanswered.Fault(unreachable), unreachable);
        }
        catch (OperationCanceledException cancelled) when (!cancellation.IsCancellationRequested)
        {
            throw new NoAnswerException("no answer in time", cancelled);
        }
    }

    /// <summary>Says that an answer is slow, once until there is one.</summary>
    private async Task Notice(Task sending, CancellationToken cancellation)
    {
        using var noticed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(sending, Task.Delay(Noticed, clock, noticed.Token));
        await noticed.CancelAsync(); // or each call would leave a timer behind
        if (sending.IsCompleted || cancellation.IsCancellationRequested || _isSilent) return;
        _isSilent = true;
        waiting($"{Silo} has not answered for {Noticed.TotalSeconds:F0} s; waiting, its log may say what for.");
    }

    private async Task<T> Repeat<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await Repeated.Call(() => Heard(call), clock, rule, cancellation);
        }
        catch (ClusterUnreachableException gone)
        {
            throw Persistence.Verdict(gone, Silo, rule);
        }
    }

    private async Task<T> Heard<T>(Func<Task<T>> call)
    {
        try
        {
            var answer = await call();
            _isSilent = false;
            return answer;
        }
        catch (NoAnswerException none)
        {
            if (!_isSilent) waiting($"{Silo} does not answer ({none.Message}); waiting for it, {Persistence.Words(rule.Patience)} at most.");
            _isSilent = true;
            throw;
        }
    }

    private string Silo => http.BaseAddress!.GetLeftPart(UriPartial.Authority);
}
