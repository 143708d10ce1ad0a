using System.Security.Cryptography;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>A replay comes to the bits of the run, and finds every change of its record.</summary>
public sealed class VerificationTests : IAsyncLifetime
{
    private const int Steps = 30;

    private readonly TempFolder _folder = new();
    private EmbeddedFixture _embedded = null!;
    private string _sha256Before = "";

    public async ValueTask InitializeAsync() => _embedded = await EmbeddedFixture.Start(slots: 2, _folder);

    public async ValueTask DisposeAsync()
    {
        await _embedded.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(SyncMode.Sync, 1, "noise=0")]
    [InlineData(SyncMode.Sync, 3, "noise=0.1")]
    [InlineData(SyncMode.Local, 1, "average_moments=1")]
    [InlineData(SyncMode.Local, 3, "noise=0")]
    [InlineData(SyncMode.Diloco, 3, "average_moments=1")]
    public async Task Every_mode_replays_to_the_same_bits(SyncMode mode, int ranges, string setting)
    {
        var plan = _embedded.Plan(steps: mode == SyncMode.Sync ? Steps : 5 * Steps, context: true);
        await Train(plan with { Mode = mode, InnerSteps = mode == SyncMode.Sync ? null : 5, Ranges = ranges, Shards = 5, Settings = plan.Settings.Add(setting.Split('=')[0], setting.Split('=')[1]) });
        Assert.Equal(new VerificationReport("m", 1, Steps, Steps, Equal: true, null, null), await Verify(rounds: null));
    }

    [Fact]
    public async Task A_run_that_its_patience_ended_replays_with_the_learning_rates_of_the_whole()
    {
        var result = await Train(_embedded.Plan() with { Steps = null, Epochs = 400, Patience = 1, LearningRate = 0.05 });
        Assert.True(result.Steps < 2000);
        Assert.Equal(new VerificationReport("m", 1, result.Steps, result.Steps, Equal: true, null, null), await Verify(rounds: null));
    }

    [Fact]
    public async Task A_run_without_validation_rows_replays_to_its_last_weights()
    {
        await Train(_embedded.Plan() with { ValidationFraction = 0 });
        Assert.True((await Verify(rounds: null)).Equal);
    }

    [Fact]
    public async Task Other_machines_with_other_slots_replay_as_many_rounds_as_they_are_asked_to()
    {
        await Train(_embedded.Plan());
        await _embedded.DisposeAsync();
        _embedded = await EmbeddedFixture.Start(slots: 3, _folder);
        Assert.Equal(new VerificationReport("m", 1, 7, Steps, Equal: true, null, null), await Verify(rounds: 7));
    }

    [Theory]
    [InlineData(0, "the record has step")] // step
    [InlineData(1, "the record has step")] // epoch
    [InlineData(2, "the record has 99")] // rows
    [InlineData(3, "its rows have the hash")]
    [InlineData(4, "its loss is")]
    [InlineData(5, "its weights have the hash")]
    [InlineData(6, "the record has")] // shards
    public async Task A_round_that_was_changed_is_found(int column, string words)
    {
        const int Round = 17;
        var result = await Train(_embedded.Plan());
        RunRecords.Change(result.Path, "rounds.csv", text => Changed(text, Round, column));
        RunRecords.Change(result.Path, "run.json", text => text.Replace(_sha256Before, Sha256(result.Path))); // by someone who knows
        var report = await Verify(rounds: null);
        Assert.Equal((false, (long?)Round, Round), (report.Equal, report.FirstDifferent, (int)report.Rounds));
        Assert.StartsWith($"Round {Round} of m@1 is not the same: ", report.Finding);
        Assert.Contains(words, report.Finding);
        Assert.Equal((true, 10L), await Verify(rounds: 10) is { } before ? (before.Equal, before.Rounds) : default);
    }

    [Theory]
    [InlineData("rounds.csv", "rounds.csv is not the file that run.json names")]
    [InlineData("epochs.csv", "epochs.csv is not the file that run.json names")]
    [InlineData("run.json", "run.json names")]
    public async Task What_the_replayed_rounds_do_not_show_is_found_too(string file, string words)
    {
        var result = await Train(_embedded.Plan());
        if (file == "run.json") RunRecords.Change(result.Path, file, text => text.Replace(result.WeightsSha256, new string('0', 64)));
        else RunRecords.Change(result.Path, file, text => text[..^2] + "7\n");
        var report = await Verify(rounds: file == "run.json" ? null : 5);
        Assert.Equal((false, null), (report.Equal, report.FirstDifferent));
        Assert.Contains(words, report.Finding);
    }

    [Fact]
    public async Task A_line_that_is_no_round_is_found()
    {
        var result = await Train(_embedded.Plan());
        RunRecords.Change(result.Path, "rounds.csv", text => text.Replace("\n4,", "\nfour,"));
        var report = await Verify(rounds: null);
        Assert.Equal((false, 4L, "The record of m@1 is damaged: rounds.csv has no round in line 5."), (report.Equal, report.FirstDifferent, report.Finding));
    }

    [Fact]
    public async Task Other_arithmetic_is_found()
    {
        await Train(_embedded.Plan());
        await _embedded.DisposeAsync();
        var gradients = 0;
        _embedded = await EmbeddedFixture.Start(slots: 2, _folder, services => services.AddSingleton<EngineFactory>(spec => new OneBitEngine(spec, () => Interlocked.Increment(ref gradients) == 4 * 8 + 1)));
        Assert.Equal((false, 9L), await Verify(rounds: null) is { } report ? (report.Equal, report.FirstDifferent) : default);
    }

    [Fact]
    public async Task The_data_set_is_found_or_read_again_and_its_absence_is_a_sentence()
    {
        var result = await Train(_embedded.Plan());
        var (data, table) = (Path.Combine(_embedded.Home, "data"), _folder.In("table.csv"));
        File.Move(table, $"{table}.away");
        Assert.True((await Verify(rounds: 3)).Equal); // the blocks are enough
        await _embedded.DisposeAsync();
        Directory.Delete(data, recursive: true);
        _embedded = await EmbeddedFixture.Start(slots: 2, _folder);
        Assert.StartsWith("The data set of m@1 is no longer there, and its file cannot be read again: ", (await Assert.ThrowsAnyAsync<BadInputException>(() => Verify(rounds: 3))).Message);
        await File.WriteAllTextAsync(table, string.Join('\n', File.ReadLines($"{table}.away").Take(300)), TestContext.Current.CancellationToken);
        Assert.Contains("its content has changed since", (await Assert.ThrowsAnyAsync<BadInputException>(() => Verify(rounds: 3))).Message);
        File.Move($"{table}.away", table, overwrite: true);
        Assert.True((await Verify(rounds: 3)).Equal);
        Assert.Equal(result.Path, Path.Combine(_embedded.Home, "models", "m", "1"));
    }

    [Theory]
    [InlineData("\"deviceClass\": \"", "\"deviceClass\": \"other-", "was trained in the device class other-")]
    [InlineData("\"rounds\": {", "\"was\": {", "has no record of its rounds")]
    [InlineData("\"trainRows\": ", "\"trainRows\": 1", "names other training rows")]
    public async Task What_cannot_be_replayed_here_is_a_sentence(string text, string by, string words)
    {
        var result = await Train(_embedded.Plan(steps: 3));
        RunRecords.Change(result.Path, "run.json", json => json.Replace(text, by));
        Assert.Contains(words, (await Assert.ThrowsAnyAsync<BadInputException>(() => Verify(rounds: 3))).Message);
    }

    [Fact]
    public async Task A_run_that_has_not_finished_and_one_that_never_was_are_sentences()
    {
        Assert.StartsWith("There is no model 'm'", (await Assert.ThrowsAnyAsync<BadInputException>(() => Verify(rounds: 3))).Message);
        var run = _embedded.Run("m");
        await run.Start(_embedded.Plan(steps: 100_000), TestContext.Current.CancellationToken);
        Assert.Contains("'m' is training, so there is nothing to verify yet; wait for its end", (await Assert.ThrowsAnyAsync<BadInputException>(() => Verify(rounds: 3))).Message);
        await run.Stop();
        Assert.Contains("has not finished", (await Assert.ThrowsAnyAsync<BadInputException>(() => Verify(rounds: 3))).Message);
    }

    [Fact]
    public async Task It_can_be_ended_and_answers_meanwhile()
    {
        using var computing = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        await Train(_embedded.Plan());
        await _embedded.DisposeAsync();
        _embedded = await EmbeddedFixture.Start(slots: 2, _folder, services => services.AddSingleton<EngineFactory>(spec => new OneBitEngine(spec, () =>
        {
            computing.Set();
            asked.Wait(TestContext.Current.CancellationToken);
            return false;
        })));
        using var enough = new CancellationTokenSource();
        var grain = _embedded.Cluster.Grains.GetGrain<IVerificationGrain>("v");
        var verifying = grain.Verify(new VerificationPlan("m", 1, null), enough.Token);
        computing.Wait(TestContext.Current.CancellationToken);
        Assert.Null(await grain.Reading());
        await enough.CancelAsync();
        asked.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => verifying);
        Assert.True((await Verify(rounds: null)).Equal); // the slots are free
    }

    private async Task<RunResult> Train(TrainingPlan plan)
    {
        var result = await _embedded.Train("m", plan);
        _sha256Before = Sha256(result.Path);
        return result;
    }

    private Task<VerificationReport> Verify(long? rounds) =>
        _embedded.Cluster.Grains.GetGrain<IVerificationGrain>(Guid.NewGuid().ToString("N")).Verify(new VerificationPlan("m", null, rounds), TestContext.Current.CancellationToken);

    private static string Sha256(string folder) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "rounds.csv"))));

    /// <summary>Another last letter in one cell.</summary>
    private static string Changed(string text, int line, int column)
    {
        var lines = text.Split('\n');
        var cells = lines[line].Split(',');
        cells[column] = column == 2 ? "99" : cells[column][..^1] + (cells[column][^1] == '3' ? '4' : '3');
        lines[line] = string.Join(',', cells);
        return string.Join('\n', lines);
    }

    /// <summary>The usual engine, which gets one bit of a gradient wrong when it is told to.</summary>
    private sealed class OneBitEngine(FlowSpec spec, Func<bool> isWrong) : IFlowEngine
    {
        private readonly IFlowEngine _engine = FlowEngines.Create(spec);

        public FlowSpec Spec => _engine.Spec;

        public Span<float> Parameters => _engine.Parameters;

        public double Gradient(ReadOnlySpan<double> rows, Span<float> gradient, TrainingDraw draw = default, ReadOnlySpan<float> weights = default)
        {
            var wrong = isWrong();
            var loss = _engine.Gradient(rows, gradient, draw, weights);
            if (wrong) gradient[0] = float.BitIncrement(gradient[0] + 1);
            return loss;
        }

        public void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent) => _engine.LogDensity(rows, logDensity, latent);

        public void Draw(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent) => _engine.Draw(random, first, context, latent);

        public void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows) => _engine.Generate(latent, context, rows);

        public void Dispose() => _engine.Dispose();
    }
}
