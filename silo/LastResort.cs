using System.Runtime.InteropServices;

namespace FlowGrain.Silo;

/// <summary>
/// Ends a process that was asked to stop and cannot: Orleans says goodbye in Redis, and waits for one that is away. What the silo
/// had is gone on with from its last commit, as after a crash.
/// </summary>
internal static partial class LastResort
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // what an orchestrator gives, too

    private static ITimer? _timer; // held, or it could be collected before it is due

    extension(WebApplication app)
    {
        /// <summary>Watches over the end of the process.</summary>
        internal void EndInTime()
        {
            var (clock, cluster) = (app.Services.GetRequiredService<TimeProvider>(), app.Configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>());
            var waitsFor = cluster is { IsRedis: true } ? "Redis or a disk" : "a disk";
            app.Lifetime.ApplicationStopping.Register(() => _timer = clock.CreateTimer(_ => End(waitsFor), state: null, Patience, Timeout.InfiniteTimeSpan));
        }
    }

    private static void End(string waitsFor)
    {
        Console.Error.WriteLine($"The silo was asked to stop {Patience.TotalSeconds:F0} s ago and waits for {waitsFor} that does not answer, so it ends without; runs go on from their last commit.");
        ExitNow(1); // not Environment.Exit, which waits for what does not end
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
