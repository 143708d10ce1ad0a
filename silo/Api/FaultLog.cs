using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Api;

/// <summary>From an exception to its problem, and into the log where that is the silo's or the cluster's: what its message names is not for clients.</summary>
internal sealed partial class FaultLog(ILogger<FaultLog> logger)
{
    /// <summary>The problem of an exception.</summary>
    /// <param name="error">It.</param>
    /// <param name="asked">What was asked for, such as <c>GET /api/v1/runs</c>.</param>
    internal ProblemDetails ProblemOf(Exception error, string asked)
    {
        var problem = Faults.Of(error);
        if (problem.Title == Faults.ClusterSilent) NobodyAnswered(error, asked);
        if (problem.Status != StatusCodes.Status500InternalServerError) return problem;
        var trace = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("N"); // by which an operator finds the line
        NotAnswered(error, asked, trace);
        problem.Detail = $"The silo failed; its log says how, under {trace}.";
        return problem;
    }

    [LoggerMessage(EventId = 4200, Level = LogLevel.Error, Message = "{Asked} failed ({Trace}).")]
    private partial void NotAnswered(Exception error, string asked, string trace);

    [LoggerMessage(EventId = 4201, Level = LogLevel.Warning, Message = "{Asked} had no answer of a silo.")]
    private partial void NobodyAnswered(Exception error, string asked);
}
