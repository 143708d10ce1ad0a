using System.Net;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Training;

namespace FlowGrain.Client;

/// <summary>From a problem that the API answers with back to the exception that it was.</summary>
internal static class ApiFaults
{
    /// <summary>Of a whole response.</summary>
    internal static async Task<Exception> Of(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? Of(text) : Of(response.StatusCode, $"{response.RequestMessage!.RequestUri} answers {(int)response.StatusCode}; is that a FlowGrain silo?");
    }

    /// <summary>Of a problem document.</summary>
    internal static Exception Of(string problem)
    {
        var (status, detail) = JsonSerializer.Deserialize<Problem>(problem, ApiJson.Options)!;
        return Of((HttpStatusCode)status, detail ?? problem);
    }

    private static Exception Of(HttpStatusCode status, string sentence) => status switch
    {
        HttpStatusCode.NotFound => new NotFoundException(sentence),
        HttpStatusCode.Conflict => new RunConflictException(sentence),
        HttpStatusCode.InsufficientStorage => new IOException(sentence),
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => new NoAnswerException(sentence),
        ClientGone => new OperationCanceledException(sentence),
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => new BadInputException(sentence),
        _ => new InvalidOperationException(sentence),
    };

    private const HttpStatusCode ClientGone = (HttpStatusCode)499; // the work was cancelled

    private sealed record Problem(int Status, string? Detail);
}
