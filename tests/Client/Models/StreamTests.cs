using System.Runtime.CompilerServices;
using FlowGrain.Client;

namespace FlowGrain.Tests.Client.Models;

/// <summary>Blocks that are scored as they come.</summary>
public sealed class StreamTests
{
    private readonly FakeSilo _silo = new();
    private int _read;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IFlowGrainModel Model => field ??= _silo.Client(options => options.Concurrency = 3).Model("zipcodes");

    [Fact]
    public async Task Answers_come_in_the_order_of_the_blocks_whichever_is_ready_first()
    {
        var (three, third) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var (gate, open, most) = (new Lock(), 0, 0);
        _silo.Slowness = async (block, _) =>
        {
            lock (gate) if ((most = Math.Max(most, ++open)) == 3) three.TrySetResult();
            if (block is 1 or 2) await third.Task;
            if (block is 3) await three.Task; // the first two wait for it
            if (block is 3) third.SetResult();
            lock (gate) open--;
        };
        var answers = new List<float>();
        await foreach (var scores in Model.ScoreBlocks(Blocks(20), cancellation: Cancellation)) answers.Add(scores.LogDensity.Single());
        Assert.Equal(Enumerable.Range(0, 20).Select(block => (float)block), answers);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Who_takes_no_answers_slows_the_reading_down()
    {
        var gate = new TaskCompletionSource();
        _silo.Slowness = (_, _) => gate.Task;
        await using var answers = Model.ScoreBlocks(Blocks(1000), cancellation: Cancellation).GetAsyncEnumerator(Cancellation);
        var moving = answers.MoveNextAsync(); // comes back when it has to wait
        Assert.Equal((false, 4), (moving.IsCompleted, _read)); // three on their way, one read ahead
        gate.SetResult();
        Assert.True(await moving);
        Assert.Equal(4, _read);
        Assert.True(await answers.MoveNextAsync());
        Assert.InRange(_read, 5, 6);
    }

    [Fact]
    public async Task An_answer_does_not_wait_for_blocks_that_have_not_come()
    {
        var more = new TaskCompletionSource();
        await using var answers = Model.ScoreBlocks(Slow(more.Task, Cancellation), cancellation: Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await answers.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        more.SetResult();
        Assert.True(await answers.MoveNextAsync());
        Assert.False(await answers.MoveNextAsync());
    }

    [Fact]
    public async Task All_blocks_are_answered_by_the_version_that_answered_the_first()
    {
        var versions = new List<int>();
        await foreach (var scores in Model.ScoreBlocks(Blocks(6), cancellation: Cancellation))
        {
            versions.Add(scores.Version);
            _silo.Model = _silo.Model with { Version = 2 }; // the champion moves
        }

        Assert.Equal([1, 1, 1, 1, 1, 1], versions);
        Assert.Equal(2, (await Model.Score(Row(7), cancellation: Cancellation)).Version);
    }

    [Fact]
    public async Task Rows_of_many_calls_are_answered_by_the_version_that_answered_the_first()
    {
        var model = _silo.Client(options => options.CallRows = 2).Model("zipcodes");
        _silo.Slowness = (_, _) =>
        {
            _silo.Model = _silo.Model with { Version = _silo.Model.Version + 1 };
            return Task.CompletedTask;
        };
        var scores = await model.Score(Enumerable.Range(0, 10).Select(number => (double)number).ToArray(), cancellation: Cancellation);
        Assert.Equal((2, 3), (scores.Version, _silo.Scored));
        Assert.Equal([0f, 2, 4, 6, 8], scores.LogDensity);
        Assert.Equal(2, _silo.Asked.Count(path => path.EndsWith("/versions/2/infer", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_fault_of_the_blocks_comes_behind_the_answers_to_those_before_it()
    {
        var answers = new List<float>();
        var fault = await Assert.ThrowsAsync<FileNotFoundException>(async () =>
        {
            await foreach (var scores in Model.ScoreBlocks(Broken(), cancellation: Cancellation)) answers.Add(scores.LogDensity.Single());
        });
        Assert.Equal(("gone", 2), (fault.Message, answers.Count));
    }

    [Fact]
    public async Task A_block_that_cannot_be_scored_ends_the_answers_behind_those_before_it()
    {
        var answers = 0;
        var fault = await Assert.ThrowsAsync<BadInputException>(async () =>
        {
            await foreach (var _ in Model.ScoreBlocks(new[] { Row(0), Row(1), new double[3], Row(3) }.ToAsyncEnumerable(), cancellation: Cancellation)) answers++;
        });
        Assert.Equal("3 numbers are no whole rows of zipcodes; a row has 2: longitude, latitude.", fault.Message);
        Assert.Equal(2, answers);
    }

    [Fact]
    public async Task Leaving_the_answers_ends_the_calls_on_their_way()
    {
        var ended = 0;
        _silo.Slowness = async (block, cancellation) =>
        {
            if (block == 0) return;
            await Task.Delay(Timeout.InfiniteTimeSpan, _silo.Clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Increment(ref ended);
            cancellation.ThrowIfCancellationRequested();
        };
        await foreach (var _ in Model.ScoreBlocks(Blocks(10), cancellation: Cancellation)) break;
        Assert.Equal(_silo.Scored - 1, ended);
    }

    [Fact]
    public async Task A_version_of_other_columns_is_described_before_it_is_sent_rows()
    {
        await Model.Score(Row(1), cancellation: Cancellation);
        _silo.Model = Examples.Wide with { Version = 2 };
        double[] rows = [5, 0, 0, 0, 6, 0, 0, 0];
        var refused = await Assert.ThrowsAsync<BadInputException>(() => Model.Score(rows, cancellation: Cancellation));
        Assert.Equal("Version 2 of model 'zipcodes' answers now, and takes a, b, c, d, where version 1 takes longitude, latitude; describe the model again and send what it takes, or name zipcodes@1.", refused.Message);
        Assert.Equal(2, (await Model.Describe(Cancellation)).Version);
        var scores = await Model.Score(rows, cancellation: Cancellation);
        Assert.Equal([5f, 6], scores.LogDensity);
    }

    [Fact]
    public async Task A_version_whose_columns_are_in_another_order_gets_no_rows_without_a_word()
    {
        await Model.Score(Row(1), cancellation: Cancellation);
        _silo.Model = _silo.Model with { Version = 2, Columns = ["latitude", "longitude"] };
        var refused = await Assert.ThrowsAsync<BadInputException>(() => Model.Score(Row(1), cancellation: Cancellation));
        Assert.Contains("takes latitude, longitude, where version 1 takes longitude, latitude", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BadInputException>(() => Model.Sample(1, seed: 0, cancellation: Cancellation)); // whose columns would be taken for the others
        await Assert.ThrowsAsync<BadInputException>(async () =>
        {
            await foreach (var _ in Model.ScoreBlocks(Blocks(3), cancellation: Cancellation)) { }
        });
    }

    [Fact]
    public async Task A_version_with_other_levels_gets_no_rows_without_a_word()
    {
        _silo.Model = _silo.Model with { Levels = _silo.Model.Levels.Add("latitude", ["north", "south"]) };
        await Model.Score(Row(1), cancellation: Cancellation);
        _silo.Model = _silo.Model with { Version = 2, Levels = _silo.Model.Levels.SetItem("latitude", ["south", "north"]) };
        var refused = await Assert.ThrowsAsync<BadInputException>(() => Model.Score(Row(1), cancellation: Cancellation));
        Assert.Contains("the levels of 'latitude' are others than those of version 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_with_the_same_columns_answers_and_is_described_once()
    {
        await Model.Score(Row(1), cancellation: Cancellation);
        _silo.Model = _silo.Model with { Version = 2 };
        for (var i = 0; i < 3; i++) Assert.Equal(2, (await Model.Score(Row(1), cancellation: Cancellation)).Version);
        Assert.Equal(2, _silo.Asked.Count - _silo.Scored);
    }

    private static ReadOnlyMemory<double> Row(double first) => new double[] { first, 0 };

    private IAsyncEnumerable<ReadOnlyMemory<double>> Blocks(int count) => Enumerable.Range(0, count).Select(block =>
    {
        _read++;
        return Row(block);
    }).ToAsyncEnumerable();

    private static async IAsyncEnumerable<ReadOnlyMemory<double>> Slow(Task more, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        yield return Row(0);
        await more.WaitAsync(cancellation);
        yield return Row(1);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<double>> Broken()
    {
        yield return Row(0);
        await Task.Yield();
        yield return Row(1);
        throw new FileNotFoundException("gone");
    }
}
