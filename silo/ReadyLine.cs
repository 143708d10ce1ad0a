using FlowGrain.Cluster;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>What an operator reads when the silo takes work.</summary>
internal static class ReadyLine
{
    extension(WebApplication app)
    {
        /// <summary>Prints one line on stdout once everything has started.</summary>
        internal void PrintReady() => app.Lifetime.ApplicationStarted.Register(() =>
        {
            var root = Path.GetFullPath(app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.Root);
            Console.WriteLine($"FlowGrain silo ready on {string.Join(", ", app.Urls)}, data in {root}");
        });
    }
}
