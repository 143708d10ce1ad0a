using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Api;

/// <summary>Answers whatever an endpoint throws with a problem.</summary>
internal sealed class FaultHandler(IHostApplicationLifetime life, FaultLog log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var isStopping = life.ApplicationStopping.IsCancellationRequested && exception is OperationCanceledException;
        await Faults.Answer(httpContext, isStopping ? Stopping() : log.ProblemOf(exception, $"{httpContext.Request.Method} {httpContext.Request.Path}"));
        return true;
    }

    private static ProblemDetails Stopping() => Faults.Problem(StatusCodes.Status503ServiceUnavailable, "Silo is stopping", "This silo is stopping; ask another one, or again in a moment.");
}
