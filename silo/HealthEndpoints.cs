namespace FlowGrain.Silo;

/// <summary>What an orchestrator asks.</summary>
internal static class HealthEndpoints
{
    private const string Text = "text/plain";

    extension(IHostApplicationLifetime life)
    {
        /// <summary>Whether the silo takes work: it has started, and was not told to stop.</summary>
        internal bool TakesWork => life.HasStarted && !life.IsStopping;

        private bool HasStarted => life.ApplicationStarted.IsCancellationRequested;

        private bool IsStopping => life.ApplicationStopping.IsCancellationRequested;
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>
        /// /livez: the process answers; it looks at nothing else, or a slow disk would restart a whole cluster. /startupz: the silo has
        /// started, for good. /readyz: it takes work. With <c>?verbose</c> a line for each thing that was looked at.
        /// </summary>
        internal IEndpointRouteBuilder MapHealth()
        {
            routes.MapGet("/livez", (string? verbose) => Answer(verbose, "", ("process", true))).WithTags("Health").WithSummary("Whether the process answers").Produces<string>(contentType: Text);
            routes.MapGet("/startupz", (string? verbose, IHostApplicationLifetime life) => Answer(verbose, "starting", ("started", life.HasStarted)))
                .WithTags("Health").WithSummary("Whether the silo has started").Produces<string>(contentType: Text).Produces<string>(StatusCodes.Status503ServiceUnavailable, Text);
            routes.MapGet("/readyz", (string? verbose, IHostApplicationLifetime life) => Answer(verbose, "starting or draining", ("started", life.HasStarted), ("not draining", !life.IsStopping)))
                .WithTags("Health").WithSummary("Whether the silo takes work").Produces<string>(contentType: Text).Produces<string>(StatusCodes.Status503ServiceUnavailable, Text);
            return routes;
        }
    }

    private static IResult Answer(string? verbose, string otherwise, params ReadOnlySpan<(string Name, bool IsOk)> checks)
    {
        var (lines, isOk) = ("", true);
        foreach (var (name, passed) in checks)
        {
            lines += passed ? $"[+]{name} ok\n" : $"[-]{name} failed\n";
            isOk &= passed;
        }

        return Results.Text((verbose is null ? "" : lines) + (isOk ? "ok\n" : $"{otherwise}\n"), statusCode: isOk ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
