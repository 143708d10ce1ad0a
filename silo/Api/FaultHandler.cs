using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Api;

/// <summary>Answers whatever an endpoint throws with a problem, and writes down what is no fault of the client's.</summary>
internal sealed partial class FaultHandler(IHostApplicationLifetime life, ILogger<FaultHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = life.ApplicationStopping.IsCancellationRequested && exception is OperationCanceledException ? Stopping() : Faults.Of(exception);
        if (problem.Status == StatusCodes.Status500InternalServerError) NotAnswered(exception, httpContext.Request.Method, httpContext.Request.Path);
        await Faults.Answer(httpContext, problem);
        return true;
    }

    private static ProblemDetails Stopping() => Faults.Problem(StatusCodes.Status503ServiceUnavailable, "Silo is stopping", "This silo is stopping; ask another one, or again in a moment.");

    [LoggerMessage(EventId = 4200, Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void NotAnswered(Exception error, string method, PathString path);
}
