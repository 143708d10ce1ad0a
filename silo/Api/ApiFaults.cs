using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Api;

/// <summary>How calls may fail, for the API's description; what makes them is <see cref="Faults"/>.</summary>
internal static class ApiFaults
{
    private static readonly ImmutableSortedDictionary<int, string> Sentences = new Dictionary<int, string>
    {
        [StatusCodes.Status400BadRequest] = "Input that cannot be used: a setting, a row, a column, a body that is not what it should be.",
        [StatusCodes.Status401Unauthorized] = "No key or token, or one that proves nothing.",
        [StatusCodes.Status403Forbidden] = "A key that may not do this, or a page of another site.",
        [StatusCodes.Status404NotFound] = "There is nothing of that name.",
        [StatusCodes.Status406NotAcceptable] = "The answer comes in no media type that the request accepts.",
        [StatusCodes.Status408RequestTimeout] = "The body came too slowly and was given up.",
        [StatusCodes.Status409Conflict] = "It is being changed by somebody else, or is not what was expected.",
        [StatusCodes.Status413PayloadTooLarge] = "The body is larger than it may be.",
        [StatusCodes.Status415UnsupportedMediaType] = "The body is not sent as JSON.",
        [StatusCodes.Status429TooManyRequests] = "There is no room for it now; ask again after the seconds of Retry-After.",
        [StatusCodes.Status500InternalServerError] = "The silo failed; its log says how.",
        [StatusCodes.Status503ServiceUnavailable] = "With Retry-After the cluster does not answer now, and is asked again; without, the model answers nobody.",
        [StatusCodes.Status504GatewayTimeout] = "It waited longer than its client allowed, and was not computed.",
        [StatusCodes.Status507InsufficientStorage] = "A disk is full.",
    }.ToImmutableSortedDictionary();

    extension<T>(T calls) where T : IEndpointConventionBuilder
    {
        /// <summary>They answer faults with problem details, as calls do that have their path and method.</summary>
        internal T FailWithProblems() => calls.FailWith(typeof(ProblemDetails), "application/problem+json");

        /// <summary>They answer faults with a body of their own, as calls do that have their path and method.</summary>
        internal T FailWith(Type body, string media)
        {
            calls.Finally(call =>
            {
                foreach (var status in Usual((RouteEndpointBuilder)call)) call.Metadata.Add(new ProducesResponseTypeMetadata(status, body, [media]));
            });
            return calls;
        }
    }

    /// <summary>When a call answers with a status of a fault; null for no fault.</summary>
    internal static string? Sentence(int status) => Sentences.GetValueOrDefault(status);

    private static IEnumerable<int> Usual(RouteEndpointBuilder call)
    {
        var (hasNames, takesBody) = (call.RoutePattern.Parameters.Count > 0, call.Metadata.OfType<IHttpMethodMetadata>().Any(method => method.HttpMethods.Any(word => HttpMethods.IsPost(word) || HttpMethods.IsPut(word))));
        if (hasNames || takesBody) yield return StatusCodes.Status400BadRequest;
        yield return StatusCodes.Status401Unauthorized;
        yield return StatusCodes.Status403Forbidden;
        if (hasNames) yield return StatusCodes.Status404NotFound;
        if (takesBody) yield return StatusCodes.Status408RequestTimeout;
        if (takesBody) yield return StatusCodes.Status413PayloadTooLarge;
        if (call.Metadata.OfType<IAcceptsMetadata>().Any()) yield return StatusCodes.Status415UnsupportedMediaType;
        yield return StatusCodes.Status429TooManyRequests;
        yield return StatusCodes.Status500InternalServerError;
        yield return StatusCodes.Status503ServiceUnavailable;
    }
}
