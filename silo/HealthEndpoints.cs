namespace FlowGrain.Silo;

/// <summary>What an orchestrator asks.</summary>
internal static class HealthEndpoints
{
    private const string Text = "text/plain";

    extension(IHostApplicationLifetime life)
    {
        /// <summary>Whether the silo takes work: it has started, and was not told to stop.</summary>
        internal bool TakesWork => life.ApplicationStarted.IsCancellationRequested && !life.ApplicationStopping.IsCancellationRequested;
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>/livez: the process answers; it looks at nothing else, or a slow disk would restart a whole cluster. /readyz: the silo takes work.</summary>
        internal IEndpointRouteBuilder MapHealth()
        {
            routes.MapGet("/livez", () => Results.Text("ok\n")).WithTags("Health").WithSummary("Whether the process answers").Produces<string>(contentType: Text);
            routes.MapGet("/readyz", (IHostApplicationLifetime life) =>
                life.TakesWork
                    ? Results.Text("ok\n")
                    : Results.Text("starting or draining\n", statusCode: StatusCodes.Status503ServiceUnavailable)).WithTags("Health").WithSummary("Whether the silo takes work")
                .Produces<string>(contentType: Text).Produces<string>(StatusCodes.Status503ServiceUnavailable, Text);
            return routes;
        }
    }
}
