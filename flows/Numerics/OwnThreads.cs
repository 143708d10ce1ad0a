using System.Runtime.ExceptionServices;

namespace FlowGrain.Flows.Numerics;

/// <summary>Shares the turns of a loop among threads that exist for it alone, and no more than there are processors.</summary>
/// <remarks>
/// Never the thread pool's, as <see cref="Parallel"/> would take: the grains of a silo need those, and miss their probes without.
/// The caller's thread works along: call it on a thread of its own. On Linux the others inherit its priority.
/// </remarks>
public static class OwnThreads
{
    /// <summary>Makes every turn from 0 to below <paramref name="count"/> once, in any order, and returns after the last.</summary>
    /// <param name="count">How many.</param>
    /// <param name="turn">One turn; different ones run at the same time.</param>
    /// <param name="cancellation">Gives up before the next turn.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void For(int count, Action<int> turn, CancellationToken cancellation)
    {
        var loop = new Loop(count, turn, cancellation);
        var started = new List<Thread>();
        try
        {
            for (var i = 1; i < Math.Min(count, Environment.ProcessorCount); i++)
            {
                var thread = new Thread(loop.Work) { IsBackground = true };
                thread.Start();
                started.Add(thread);
            }

            loop.Work();
        }
        finally
        {
            loop.End(); // where a thread could not be started, the others leave the caller's memory alone too
            started.ForEach(thread => thread.Join());
        }

        loop.Fault?.Throw();
    }

    private sealed class Loop(int count, Action<int> turn, CancellationToken cancellation)
    {
        private int _next = -1;
        private ExceptionDispatchInfo? _fault;

        /// <summary>The first that a turn threw.</summary>
        internal ExceptionDispatchInfo? Fault => Volatile.Read(ref _fault);

        /// <summary>Begins no turn any more.</summary>
        internal void End() => Interlocked.Exchange(ref _next, count);

        internal void Work()
        {
            try
            {
                while (Fault is null && Interlocked.Increment(ref _next) is var next && next < count)
                {
                    cancellation.ThrowIfCancellationRequested();
                    turn(next);
                }
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(error), null);
            }
        }
    }
}
