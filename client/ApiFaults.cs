using System.Net;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Client;

/// <summary>From a fault that a silo answers with back to the exception that it was.</summary>
internal static class ApiFaults
{
    /// <summary>Of a whole response.</summary>
    internal static async Task<Exception> Of(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        var after = response.Headers.RetryAfter?.Delta;
        if (Sentence(response, text) is not { } sentence) return OfAnother(response, after);
        return response.StatusCode == HttpStatusCode.ServiceUnavailable && after is null ? new UnavailableException(sentence) : Of(response.StatusCode, sentence, after); // a silo that may answer later says when
    }

    /// <summary>Of a problem document.</summary>
    internal static Exception Of(string problem)
    {
        var (status, detail) = JsonSerializer.Deserialize<Problem>(problem, ApiJson.Options)!;
        return Of((HttpStatusCode)status, detail ?? problem, after: null);
    }

    /// <summary>What the silo says: as a problem below /api, as an error below /v2. Null where it is not a silo that answers.</summary>
    private static string? Sentence(HttpResponseMessage response, string text)
    {
        try
        {
            return response.Content.Headers.ContentType?.MediaType switch
            {
                "application/problem+json" => JsonSerializer.Deserialize<Problem>(text, ApiJson.Options)?.Detail,
                "application/json" => JsonSerializer.Deserialize<InferenceFault>(text, ApiJson.Options)?.Error,
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null; // of other words, so another's
        }
    }

    /// <summary>Of whatever stands between: a proxy that waited too long says nothing about the silo.</summary>
    private static Exception OfAnother(HttpResponseMessage response, TimeSpan? after)
    {
        var sentence = $"{response.RequestMessage!.RequestUri} answers {(int)response.StatusCode}; is that a FlowGrain silo?";
        return response.StatusCode == HttpStatusCode.GatewayTimeout ? new NoAnswerException(sentence) { After = after } : Of(response.StatusCode, sentence, after);
    }

    private static Exception Of(HttpStatusCode status, string sentence, TimeSpan? after) => status switch
    {
        HttpStatusCode.NotFound => new NotFoundException(sentence),
        HttpStatusCode.Conflict => new RunConflictException(sentence),
        HttpStatusCode.InsufficientStorage => new IOException(sentence),
        HttpStatusCode.TooManyRequests => new NoAnswerException(sentence, new OverloadedException(sentence)) { After = after },
        HttpStatusCode.GatewayTimeout => new ExpiredException(sentence),
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable => new NoAnswerException(sentence) { After = after },
        ClientGone => new OperationCanceledException(sentence),
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => new BadInputException(sentence),
        _ => new InvalidOperationException(sentence),
    };

    private const HttpStatusCode ClientGone = (HttpStatusCode)499; // the work was cancelled

    private sealed record Problem(int Status, string? Detail);

    private sealed record InferenceFault(string? Error);
}
