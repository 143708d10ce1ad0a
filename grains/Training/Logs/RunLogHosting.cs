using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>Has what is said of a run kept with the run.</summary>
internal static class RunLogHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds it, with a level of its own: a command that talks little keeps as much as a silo.</summary>
        internal ISiloBuilder AddRunLog()
        {
            silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, RunLog>());
            silo.Services.AddLogging(logging => logging.AddFilter<RunLog>(category: null, LogLevel.None).AddFilter<RunLog>("FlowGrain", LogLevel.Information));
            return silo;
        }
    }
}
