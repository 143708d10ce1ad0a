using Microsoft.Extensions.Logging;

namespace FlowGrain.Client;

/// <summary>Everything that the client can say. Ids from 5000.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 5000, Level = LogLevel.Warning, Message = "{Sentence}")]
    internal static partial void Waiting(this ILogger logger, string sentence);
}
