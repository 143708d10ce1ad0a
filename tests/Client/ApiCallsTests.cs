using System.Net;
using System.Text;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Training;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Client;

/// <summary>What the client makes of silos that come and go.</summary>
public sealed class ApiCallsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watching_goes_on_where_the_events_break_off()
    {
        var silo = new Answers(
            Events(Examples.Training, Examples.Training with { Step = 500, Sequence = 8 }), // and no more: its silo died
            Refusal,
            Events(Examples.Training with { Step = 400, Sequence = 1 }, Examples.Finished));
        var steps = new List<long>();
        await foreach (var progress in silo.Cluster.WatchRun("zipcodes", Cancellation)) steps.Add(progress.Step);
        Assert.Equal([400, 500, 400, 1000], steps);
        Assert.Equal(3, silo.Asked);
    }

    [Fact]
    public async Task A_silo_that_is_away_is_asked_again()
    {
        var silo = new Answers(Refusal, Problem(503, "The silo is stopping.", after: 0), Document(new RunList([])));
        Assert.Empty(await silo.Cluster.Runs(Cancellation));
    }

    [Fact]
    public async Task A_silo_that_is_waited_for_is_said_once_each_time()
    {
        var silo = new Answers(Refusal, Refusal, Refusal, Document(new RunList([])), Refusal, Document(new RunList([])));
        await silo.Cluster.Runs(Cancellation);
        Assert.Equal("http://silo:8080 does not answer (Connection refused); waiting for it, two minutes at most.", Assert.Single(silo.Waiting));
        await silo.Cluster.Runs(Cancellation);
        Assert.Equal(2, silo.Waiting.Count);
    }

    [Fact]
    public async Task An_answer_that_takes_long_is_said_once()
    {
        var (clock, answer) = (new FakeTimeProvider(), new TaskCompletionSource());
        var silo = new Answers(Document(new RunList([]))) { Clock = clock, Slowness = answer.Task };
        var asking = silo.Cluster.Runs(Cancellation);
        while (silo.Waiting.Count == 0)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("http://silo:8080 has not answered for 5 s; waiting, its log may say what for.", Assert.Single(silo.Waiting));
        clock.Advance(TimeSpan.FromSeconds(5));
        answer.SetResult();
        Assert.Empty(await asking);
        Assert.Single(silo.Waiting);
    }

    [Fact]
    public async Task A_call_that_was_answered_leaves_no_timer_behind()
    {
        var clock = new CountingClock();
        var silo = new Answers(Document(new RunList([]))) { Clock = clock };
        for (var i = 0; i < 3; i++) await silo.Cluster.Runs(Cancellation);
        Assert.Equal((true, 0), (clock.Created > 0, clock.Running));
    }

    [Fact]
    public async Task One_that_never_answers_is_named()
    {
        var silo = new Answers(Refusal);
        var gone = await Assert.ThrowsAsync<ClusterUnreachableException>(() => silo.Cluster.Greet(Cancellation));
        Assert.Contains("http://silo:8080", gone.Message);
        Assert.Equal(1, silo.Asked);
    }

    [Fact]
    public async Task Long_work_that_breaks_off_is_begun_again_and_its_problem_is_an_exception()
    {
        var silo = new Answers(_ => Stream("event: reading\ndata: {\"rows\":3,\"bytes\":5,\"fraction\":0.5}\n\n"), _ => Stream("event: problem\ndata: {\"status\":409,\"detail\":\"Run 'm' is busy.\"}\n\n"));
        var busy = await Assert.ThrowsAsync<RunConflictException>(() => silo.Cluster.StopRun("m", Cancellation));
        Assert.Equal(("Run 'm' is busy.", 2), (busy.Message, silo.Asked));
    }

    [Fact]
    public void A_number_that_JSON_cannot_hold_is_null_and_comes_back_as_NaN()
    {
        var text = JsonSerializer.Serialize(Examples.Training with { ValidationNats = double.NaN, TrainNats = double.PositiveInfinity }, ApiJson.Options);
        Assert.Contains("\"validationNll\":null", text);
        var back = JsonSerializer.Deserialize<RunProgress>(text, ApiJson.Options)!;
        Assert.Equal((double.NaN, double.NaN, Examples.Training.Step, RunPhase.Training), (back.ValidationNats, back.TrainNats, back.Step, back.Phase));
    }

    private static HttpResponseMessage Refusal(HttpRequestMessage request) => throw new HttpRequestException("Connection refused");

    private static Func<HttpRequestMessage, HttpResponseMessage> Events(params RunProgress[] updates) =>
        _ => Stream(string.Concat(updates.Select(update => $"event: progress\ndata: {JsonSerializer.Serialize(update, ApiJson.Options)}\n\n")));

    /// <summary>Counts the timers that nobody has disposed.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        internal int Created { get; private set; }

        internal int Running { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Created, Running) = (Created + 1, Running + 1);
            return new Counted(base.CreateTimer(callback, state, dueTime, period), () => Running--);
        }

        private sealed class Counted(ITimer timer, Action over) : ITimer
        {
            private bool _isOver;

            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                timer.Dispose();
                if (!_isOver) over();
                _isOver = true;
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }

    private static Func<HttpRequestMessage, HttpResponseMessage> Problem(int status, string detail, int after) => _ => new((HttpStatusCode)status)
    {
        Content = new StringContent(JsonSerializer.Serialize(new { status, detail }), Encoding.UTF8, "application/problem+json"),
        Headers = { RetryAfter = new(TimeSpan.FromSeconds(after)) },
    };

    private static Func<HttpRequestMessage, HttpResponseMessage> Document<T>(T document) =>
        _ => new(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(document, ApiJson.Options), Encoding.UTF8, "application/json") };

    private static HttpResponseMessage Stream(string events) => new(HttpStatusCode.OK) { Content = new StringContent(events, Encoding.UTF8, "text/event-stream") };

    /// <summary>A silo that answers as it is told, one after another, and its last answer for ever.</summary>
    private sealed class Answers(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) : HttpMessageHandler
    {
        internal int Asked { get; private set; }

        internal TimeProvider Clock { get; init; } = TimeProvider.System;

        /// <summary>What every answer waits for.</summary>
        internal Task Slowness { get; init; } = Task.CompletedTask;

        internal List<string> Waiting { get; } = [];

        internal HttpCluster Cluster => field ??= new(new HttpClient(this) { BaseAddress = new Uri("http://silo:8080/api/v1/") }, new AnswerFiles(), Clock, Waiting.Add);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            await Slowness;
            var answer = answers[Math.Min(Asked++, answers.Length - 1)](request);
            answer.RequestMessage = request;
            return answer;
        }
    }
}
