using Microsoft.Extensions.Logging;

namespace FlowGrain.Serving;

/// <summary>Everything that serving can say. Ids from 2000.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Debug, Message = "Model '{Model}' version {Version} could not be freed")]
    internal static partial void ModelNotFreed(this ILogger logger, Exception error, string model, int version);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Model '{Model}' version {Version} does not answer on this silo: {Sentence}")]
    internal static partial void ModelNotLoaded(this ILogger logger, Exception? error, string model, int version, string sentence);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "The registry cannot be read, and model '{Model}' answers as it was known")]
    internal static partial void RegistryNotRead(this ILogger logger, Exception error, string model);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Silo {Silo} scores no more rows of model '{Model}'; what it had in hand goes to the others")]
    internal static partial void ScoringSiloLost(this ILogger logger, Exception error, string silo, string model);

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "Model '{Model}' is scored by the silos that are known by now: nothing is heard of others")]
    internal static partial void ScoringSilosNotFollowed(this ILogger logger, Exception error, string model);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "Silo {Silo} did not hear of a change in the registry before it went away")]
    internal static partial void HostLost(this ILogger logger, Exception error, string silo);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "A silo did not hear in time of a change to model '{Model}'; it will see it when it looks at the registry")]
    internal static partial void ChangeNotHeard(this ILogger logger, Exception error, string model);
}
