using System.Runtime.InteropServices;
using FlowGrain.Cluster;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>Requests of many clients that are computed together, on one slot that the tests hold busy.</summary>
public sealed class BatcherTests : IDisposable
{
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly FakeTimeProvider _clock = new();
    private readonly StoredModel _model = StoredModels.Some("m");
    private readonly ManualResetEventSlim _free = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _free.Set();
        _slots.Dispose();
        _free.Dispose();
    }

    public static TheoryData<string> Kinds => [.. TestFlows.Kinds.Where(kind => !kind.Contains("missing"))];

    /// <summary>For every preset: those whose log-density takes a solver, a root or a series too, beside rows that need many more of its steps.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public async Task An_answer_is_the_same_whoever_else_asks(string kind)
    {
        var spec = TestFlows.Spec(kind, 3, context: 0, kind.StartsWith("cnf", StringComparison.Ordinal) ? [("tolerance", 1e-6)] : []);
        using var flow = FlowEngines.Create(spec);
        var weights = TestFlows.Weights(spec);
        weights.CopyTo(flow.Parameters);
        var count = KernelEngine.Runs(spec) ? 300 : kind.StartsWith("cnf", StringComparison.Ordinal) ? 24 : 70; // more than torch pads one to; a solver takes its time
        double[] rows = [.. TestFlows.Rows(spec, count - 9), .. TestFlows.Rows(spec, 9, spread: 30)];
        var (alone, latents) = Alone(flow, rows);
        var batcher = Batcher(new ServingOptions(), _model with { Flow = spec, Weights = weights });
        foreach (var seed in new[] { 1, 2 })
        {
            foreach (var (first, answer) in await Together(batcher, rows, new Random(seed)))
            {
                Assert.Equal(Bits(alone.AsSpan(first, answer.LogDensity.Length)), Bits(answer.LogDensity.Span));
                if (answer.Latent is { } z) Assert.Equal(Bits(latents.AsSpan(3 * first, z.Length)), Bits(z.Span));
            }
        }
    }

    [Fact]
    public async Task Requests_that_come_while_a_slot_computes_are_its_next_batch_and_only_who_asked_gets_latents()
    {
        var engine = Engine(new ServingOptions());
        var busy = Busy();
        var with = engine.Batches.LogDensity(Row(1), latent: true, patience: null, Cancellation);
        var without = engine.Batches.LogDensity(Row(2), latent: false, patience: null, Cancellation);
        _free.Set();
        await busy;
        Assert.Equal(engine.Encoder.FlowDimension, (await with).Latent!.Length);
        Assert.Null((await without).Latent);
        Assert.Same(Memory((await with).LogDensity), Memory((await without).LogDensity)); // one batch
    }

    [Fact]
    public async Task Without_batching_every_request_is_computed_by_itself()
    {
        var batcher = Batcher(new ServingOptions { BatchRows = 1 });
        var busy = Busy();
        var (one, other) = (batcher.LogDensity(Row(1), latent: false, patience: null, Cancellation), batcher.LogDensity(Row(2), latent: false, patience: null, Cancellation));
        _free.Set();
        await busy;
        Assert.NotSame(Memory((await one).LogDensity), Memory((await other).LogDensity));
    }

    [Fact]
    public async Task What_there_is_no_room_for_is_refused_at_once_and_a_request_of_any_size_finds_room_in_an_empty_queue()
    {
        var batcher = Batcher(new ServingOptions { QueueRows = 3 });
        var busy = Busy();
        var large = batcher.LogDensity(new Block<double>(new double[2 * 10]), latent: false, patience: null, Cancellation);
        var full = await Assert.ThrowsAsync<OverloadedException>(() => batcher.LogDensity(Row(1), latent: false, patience: null, Cancellation));
        Assert.Equal("Model 'm' has 10 rows waiting on this silo, of 3 that may; ask again in a second, or another silo.", full.Message);
        _free.Set();
        await busy;
        Assert.Equal(10, (await large).LogDensity.Length);
        await batcher.LogDensity(Row(1), latent: false, patience: null, Cancellation);
    }

    [Fact]
    public async Task Who_waited_too_long_or_went_away_is_not_computed_and_the_others_are()
    {
        var batcher = Batcher(new ServingOptions());
        using var gone = new CancellationTokenSource();
        var busy = Busy();
        var expired = batcher.LogDensity(Row(1), latent: false, TimeSpan.FromMilliseconds(5), Cancellation);
        var left = batcher.LogDensity(Row(2), latent: false, patience: null, gone.Token);
        var patient = batcher.LogDensity(Row(3), latent: false, TimeSpan.FromSeconds(1), Cancellation);
        _clock.Advance(TimeSpan.FromMilliseconds(6));
        await gone.CancelAsync();
        _free.Set();
        await busy;
        var sentence = (await Assert.ThrowsAsync<ExpiredException>(() => expired)).Message;
        Assert.Equal("The request waited 6.0 ms for its batch, and of what it allowed 5.0 ms were left; it was not computed: send it again, or with a longer timeout.", sentence);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.True(float.IsFinite((await patient).LogDensity.Span[0]));
    }

    [Fact]
    public async Task Where_the_flow_cannot_be_made_everyone_who_waits_hears_of_it_and_the_next_is_not_left_waiting()
    {
        var batcher = Batcher(new ServingOptions(), _model with { Weights = new float[_model.Weights.Length + 1] });
        var busy = Busy();
        var (one, other) = (batcher.LogDensity(Row(1), latent: false, patience: null, Cancellation), batcher.LogDensity(Row(2), latent: false, patience: null, Cancellation));
        _free.Set();
        await busy;
        await Assert.ThrowsAnyAsync<Exception>(() => one.WaitAsync(Cancellation));
        await Assert.ThrowsAnyAsync<Exception>(() => other.WaitAsync(Cancellation));
        await Assert.ThrowsAnyAsync<Exception>(() => batcher.LogDensity(Row(3), latent: false, patience: null, Cancellation).WaitAsync(Cancellation));
    }

    [Fact]
    public async Task A_request_may_wait_for_others_while_the_slot_is_free()
    {
        var batcher = Batcher(new ServingOptions { BatchDelay = TimeSpan.FromMilliseconds(10), BatchRows = 3 });
        var first = batcher.LogDensity(Row(1), latent: false, patience: null, Cancellation);
        await _slots[0].Run(() => true);
        Assert.False(first.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(1, (await first).LogDensity.Length);
    }

    [Fact]
    public async Task Too_many_rows_in_one_request_are_refused()
    {
        var batcher = Batcher(new ServingOptions { RequestRows = 2 });
        var refused = await Assert.ThrowsAsync<BadInputException>(() => batcher.LogDensity(new Block<double>(new double[6]), latent: false, patience: null, Cancellation));
        Assert.Equal("3 rows came in one request, and a silo takes 2; send them in several, or score a file as a bulk job.", refused.Message);
    }

    /// <summary>Every row of three columns computed by itself.</summary>
    private static (float[] LogDensity, float[] Latent) Alone(IFlowEngine flow, double[] rows)
    {
        var (scores, latents) = (new float[rows.Length / 3], new float[rows.Length]);
        for (var row = 0; row < scores.Length; row++) flow.LogDensity(rows.AsSpan(3 * row, 3), scores.AsSpan(row, 1), latents.AsSpan(3 * row, 3));
        return (scores, latents);
    }

    /// <summary>All rows in one batch, in requests of some rows each that come in any order.</summary>
    private async Task<IReadOnlyList<(int First, Densities Answer)>> Together(Batcher batcher, double[] rows, Random random)
    {
        var requests = new List<(int First, int Count)>();
        for (int first = 0, count; first < rows.Length / 3; first += count) requests.Add((first, count = Math.Min(1 + random.Next(7), rows.Length / 3 - first)));
        _free.Reset();
        var busy = Busy();
        var asked = requests.OrderBy(_ => random.Next()).Select(request => (request.First, Answer: Ask(request.First, request.Count))).ToList();
        _free.Set();
        await busy;
        var answers = await Task.WhenAll(asked.Select(one => one.Answer));
        return [.. asked.Zip(answers, (one, answer) => (one.First, answer))];

        Task<Densities> Ask(int first, int count) =>
            batcher.LogDensity(new Block<double>(rows.AsMemory(3 * first, 3 * count)), latent: random.Next(2) == 0, patience: null, Cancellation);
    }

    private static uint[] Bits(ReadOnlySpan<float> numbers) => MemoryMarshal.Cast<float, uint>(numbers).ToArray();

    private ModelEngine Engine(ServingOptions options, StoredModel? model = null) => new(model ?? _model, _slots, options, _clock);

    private Batcher Batcher(ServingOptions options, StoredModel? model = null) => Engine(options, model).Batches;

    /// <summary>The slot computes something else until it is set free.</summary>
    private Task Busy() => _slots[0].Run(() =>
    {
        _free.Wait(Cancellation);
        return true;
    });

    private static Block<double> Row(double value) => new(new[] { value, -value });

    private static float[] Memory(Block<float> block) => MemoryMarshal.TryGetArray(block.Values, out var array) ? array.Array! : [];
}
