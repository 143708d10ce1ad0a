using Microsoft.Extensions.Logging;

namespace FlowGrain.Cluster;

/// <summary>Everything that the cluster's inventory can say. Ids from 4000.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 4000, Level = LogLevel.Warning, Message = "The list of silos could not be followed any more; it is read anew")]
    internal static partial void MembershipLost(this ILogger logger, Exception error);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Silo {Silo} did not say what it has; none of its slots is used")]
    internal static partial void SiloNotDescribed(this ILogger logger, Exception error, string silo);
}
