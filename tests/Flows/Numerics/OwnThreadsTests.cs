using System.Collections.Concurrent;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class OwnThreadsTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(1000)]
    public void Every_turn_is_made_once(int count)
    {
        var made = new int[count];
        OwnThreads.For(count, turn => Interlocked.Increment(ref made[turn]), TestContext.Current.CancellationToken);
        Assert.All(made, times => Assert.Equal(1, times));
    }

    [Fact]
    public void No_turn_is_made_on_a_thread_of_the_pool()
    {
        var threads = Math.Min(2, Environment.ProcessorCount);
        using var together = new Barrier(threads); // no thread can make two turns
        var pooled = new ConcurrentBag<bool>();
        var alone = new Thread(() => OwnThreads.For(threads, _ =>
        {
            together.SignalAndWait();
            pooled.Add(Thread.CurrentThread.IsThreadPoolThread);
        }, CancellationToken.None));
        alone.Start();
        alone.Join();
        Assert.Equal(Enumerable.Repeat(false, threads), pooled);
    }

    [Fact]
    public void What_a_turn_throws_ends_the_loop_and_is_thrown_as_it_is()
    {
        var made = 0;
        var error = Assert.Throws<BadInputException>(() => OwnThreads.For(1_000_000, turn =>
        {
            Interlocked.Increment(ref made);
            throw new BadInputException($"turn {turn}");
        }, TestContext.Current.CancellationToken));
        Assert.StartsWith("turn ", error.Message);
        Assert.InRange(made, 1, Environment.ProcessorCount);
    }

    [Fact]
    public void A_loop_that_is_cancelled_makes_no_further_turn()
    {
        using var cancelled = new CancellationTokenSource();
        var made = 0;
        Assert.Throws<OperationCanceledException>(() => OwnThreads.For(1_000_000, _ =>
        {
            Interlocked.Increment(ref made);
            cancelled.Cancel();
        }, cancelled.Token));
        Assert.InRange(made, 1, Environment.ProcessorCount);
    }
}
