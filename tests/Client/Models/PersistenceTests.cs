using System.Net;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Client.Models;

/// <summary>What the client makes of silos that are away or busy.</summary>
public sealed class PersistenceTests
{
    private static readonly double[] Row = [1.5, 2];

    private readonly FakeSilo _silo = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_that_is_away_or_busy_is_asked_again()
    {
        _silo.Meets(FakeSilo.Refusal, () => FakeSilo.Busy(after: null), () => FakeSilo.Fault(HttpStatusCode.ServiceUnavailable, "This silo is stopping.", after: 1));
        var scores = await _silo.Clock.Until(_silo.Client().Model("zipcodes").Score(Row, cancellation: Cancellation));
        Assert.Equal((1, 4), (scores.Version, _silo.Scored));
        Assert.Equal([1.5f], scores.LogDensity);
    }

    [Fact]
    public async Task A_busy_silo_is_left_alone_for_as_long_as_it_says()
    {
        _silo.Meets(() => FakeSilo.Busy(after: 7));
        await _silo.Clock.Until(_silo.Client().Model("zipcodes").Score(Row, cancellation: Cancellation));
        Assert.InRange(Assert.Single(_silo.Clock.Pauses).TotalSeconds, 7, 7.025); // and the half of 50 ms that is drawn
    }

    [Fact]
    public async Task Pauses_grow_and_no_two_clients_make_the_same()
    {
        for (var attempt = 0; attempt < 5; attempt++) _silo.Meets(FakeSilo.Refusal);
        await _silo.Clock.Until(_silo.Client().Model("zipcodes").Score(Row, cancellation: Cancellation));
        Assert.Equal(5, _silo.Clock.Pauses.Count);
        Assert.All(_silo.Clock.Pauses, (pause, attempt) => Assert.InRange(pause.TotalMilliseconds, 25 << attempt, 50 << attempt));
        var rule = Persistence.Rule(TimeSpan.FromSeconds(1));
        Assert.True(Enumerable.Range(0, 20).Select(_ => rule.Wait(TimeSpan.FromSeconds(1), new TimeoutException())).Distinct().Count() > 10);
    }

    [Fact]
    public async Task When_the_patience_is_over_the_silos_own_sentence_is_the_fault()
    {
        for (var attempt = 0; attempt < 100; attempt++) _silo.Meets(() => FakeSilo.Busy(after: 1));
        var busy = await Assert.ThrowsAsync<OverloadedException>(() => _silo.Clock.Until(_silo.Client(options => options.Patience = TimeSpan.FromSeconds(5)).Model("zipcodes").Score(Row, cancellation: Cancellation)));
        Assert.Equal("70000 rows wait; ask again.", busy.Message);
        Assert.Equal(4, _silo.Clock.Pauses.Count); // of a second and a little each; the fifth would end too late
    }

    [Fact]
    public async Task A_wait_that_is_longer_than_the_patience_is_not_begun()
    {
        _silo.Meets(() => FakeSilo.Busy(after: 60));
        await Assert.ThrowsAsync<OverloadedException>(() => _silo.Clock.Until(_silo.Client(options => options.Patience = TimeSpan.FromSeconds(5)).Model("zipcodes").Score(Row, cancellation: Cancellation)));
        Assert.Empty(_silo.Clock.Pauses);
    }

    [Fact]
    public async Task A_silo_that_never_answers_is_named_when_the_patience_is_over()
    {
        for (var attempt = 0; attempt < 100; attempt++) _silo.Meets(FakeSilo.Refusal);
        var gone = await Assert.ThrowsAsync<ClusterUnreachableException>(() => _silo.Clock.Until(_silo.Client(options => options.Patience = TimeSpan.FromSeconds(5)).Model("zipcodes").Score(Row, cancellation: Cancellation)));
        Assert.Equal("http://silo:8080 has not answered for 5 s (Connection refused); look whether its silo runs, or name another one.", gone.Message);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up_when_the_patience_is_over()
    {
        var begun = new TaskCompletionSource();
        _silo.Slowness = (_, cancellation) =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, _silo.Clock, cancellation);
        };
        var asking = _silo.Client(options => options.Patience = TimeSpan.FromSeconds(30)).Model("zipcodes@1").Score(Row, cancellation: Cancellation);
        await begun.Task.WaitAsync(Cancellation);
        _silo.Clock.Advance(TimeSpan.FromSeconds(30));
        var gone = await Assert.ThrowsAsync<ClusterUnreachableException>(() => asking);
        Assert.StartsWith("zipcodes@1 was not answered for within 30 s;", gone.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, typeof(BadInputException))]
    [InlineData(HttpStatusCode.NotFound, typeof(NotFoundException))]
    [InlineData(HttpStatusCode.Forbidden, typeof(BadInputException))]
    [InlineData(HttpStatusCode.GatewayTimeout, typeof(ExpiredException))]
    [InlineData(HttpStatusCode.ServiceUnavailable, typeof(UnavailableException))] // which does not say when to ask again
    [InlineData(HttpStatusCode.InternalServerError, typeof(InvalidOperationException))]
    public async Task What_is_no_use_to_repeat_is_an_exception_at_once_with_the_silos_sentence(HttpStatusCode status, Type exception)
    {
        _silo.Meets(() => FakeSilo.Fault(status, "As it is."));
        var fault = await Assert.ThrowsAsync(exception, () => _silo.Clock.Until(_silo.Client().Model("zipcodes@1").Score(Row, cancellation: Cancellation)));
        Assert.Equal(("As it is.", 1), (fault.Message, _silo.Scored));
    }

    [Fact]
    public async Task Cancelling_ends_a_call_under_way_and_a_pause_at_once()
    {
        using var end = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        _silo.Slowness = (_, cancellation) =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, _silo.Clock, cancellation);
        };
        var asking = _silo.Client().Model("zipcodes").Score(Row, cancellation: end.Token);
        await begun.Task.WaitAsync(Cancellation);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Cancellation));

        using var later = new CancellationTokenSource();
        _silo.Meets(() =>
        {
            later.CancelAfter(TimeSpan.FromMilliseconds(1)); // in the pause, which the clock of the test never ends
            return FakeSilo.Busy(after: 60);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _silo.Client().Model("zipcodes").Score(Row, cancellation: later.Token).WaitAsync(Cancellation));
    }
}
