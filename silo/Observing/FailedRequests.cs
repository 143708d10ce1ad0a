using System.Diagnostics;

namespace FlowGrain.Silo.Observing;

/// <summary>Has a request exported that fails, though it was not to be when it came. Outermost, so that it sees what was answered.</summary>
internal static class FailedRequests
{
    /// <summary>Answers a request, and decides anew whether it is traced.</summary>
    internal static async Task Trace(HttpContext context, RequestDelegate next)
    {
        var isAnswered = false;
        try
        {
            await next(context);
            isAnswered = context.Response.StatusCode < StatusCodes.Status500InternalServerError;
        }
        finally
        {
            if (!isAnswered && Activity.Current is { IsAllDataRequested: false } request) Keep(request, context.Request);
        }
    }

    /// <summary>With the tags that a request has which is traced from its beginning; those of its end it gets like any other.</summary>
    private static void Keep(Activity request, HttpRequest asked)
    {
        request.IsAllDataRequested = true;
        request.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        request.SetTag("http.request.method", asked.Method).SetTag("url.path", asked.Path.Value).SetTag("url.scheme", asked.Scheme).SetTag("server.address", asked.Host.Host);
        request.SetStatus(ActivityStatusCode.Error);
    }
}
