using Microsoft.Extensions.Logging;

namespace FlowGrain.Serving;

/// <summary>Everything that serving can say. Ids from 2000.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Debug, Message = "Model '{Model}' version {Version} could not be freed")]
    internal static partial void ModelNotFreed(this ILogger logger, Exception error, string model, int version);
}
