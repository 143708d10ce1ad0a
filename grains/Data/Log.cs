using Microsoft.Extensions.Logging;

namespace FlowGrain.Data;

/// <summary>Everything that data sets can say. Ids from 3000.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 3000, Level = LogLevel.Information, Message = "Data set {Id} ({Size}), used last {Used:u}, gave way to '{File}' under Storage:DataQuota; it is imported again when a job needs it")]
    internal static partial void DatasetEvicted(this ILogger logger, string id, string size, DateTime used, string file);
}
