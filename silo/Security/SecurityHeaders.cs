using FlowGrain.Silo.Inference;

namespace FlowGrain.Silo.Security;

/// <summary>What every answer tells a browser: believe the type, show it in no frame, tell nobody where it came from.</summary>
internal static class SecurityHeaders
{
    private const string PageSources = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
    private const string ReferenceSources = $"{PageSources}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:"; // the reference page is a library's, and begins with a script of its own
    private const string GrainSources = $"{PageSources}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:"; // the pages of Orleans place what they draw by inline styles
    private const string Year = "max-age=31536000";

    extension(WebApplication app)
    {
        /// <summary>Adds the headers to every answer, faults included.</summary>
        internal void UseSecurityHeaders() => app.Use(next => context =>
        {
            context.Response.OnStarting(static state => Add((HttpContext)state), context); // a fault clears what was set before it
            return next(context);
        });
    }

    private static Task Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = Year;
        if (context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments(InferenceEndpoints.Root)) headers.CacheControl = "no-store";
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true) headers.ContentSecurityPolicy = Sources(context.Request.Path);
        return Task.CompletedTask;
    }

    private static string Sources(PathString path) => path.StartsWithSegments("/docs") ? ReferenceSources : path.StartsWithSegments(GrainPages.Root) ? GrainSources : PageSources;
}
