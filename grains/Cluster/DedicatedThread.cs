using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FlowGrain.Cluster;

/// <summary>
/// A thread of its own that runs jobs one after another. Computing in a grain's turn or on the thread pool starves every
/// other grain of the silo; here it cannot.
/// </summary>
internal sealed partial class DedicatedThread : IDisposable
{
    private const int Nice = 10; // the scheduler's and the network's threads go first, or a busy silo misses its probes
    private const int MostJobs = 4096; // callers await their jobs, so only a leak could reach this

    private readonly BlockingCollection<Action> _jobs = new(MostJobs);

    /// <param name="name">Name of the thread.</param>
    /// <param name="waits">Whether its jobs wait for a device rather than compute; then it keeps the usual priority.</param>
    internal DedicatedThread(string name, bool waits = false)
    {
        new Thread(() => Work(waits)) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Runs one long job on a thread that exists for it alone.</summary>
    internal static async Task<T> Once<T>(string name, Func<T> job)
    {
        using var thread = new DedicatedThread(name);
        return await thread.Run(job);
    }

    /// <summary>Runs a job after those before it; its result or exception comes through the task.</summary>
    internal Task<T> Run<T>(Func<T> job)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _jobs.Add(() => Complete(done, job));
        return done.Task;
    }

    /// <summary>Runs a job after those before it.</summary>
    internal Task Run(Action job) => Run(() =>
    {
        job();
        return true;
    });

    /// <summary>Lets the jobs that wait finish, and then the thread.</summary>
    public void Dispose() => _jobs.CompleteAdding();

    private void Work(bool waits)
    {
        if (!waits && OperatingSystem.IsLinux()) _ = SetPriority(0, 0, Nice); // on Linux this is of the calling thread alone
        foreach (var job in _jobs.GetConsumingEnumerable()) job();
    }

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> job)
    {
        try
        {
            done.SetResult(job());
        }
        catch (Exception error)
        {
            done.SetException(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
