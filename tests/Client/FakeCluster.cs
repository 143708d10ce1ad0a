using System.Collections.Immutable;
using FlowGrain.Api;
using FlowGrain.Client;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client;

/// <summary>A cluster that answers what a test told it to, and remembers what it was asked.</summary>
internal sealed class FakeCluster : ICluster
{
    public List<RunProgress> Updates { get; init; } = [Examples.Finished];

    public RunResult? Outcome { get; init; } = Examples.Result;

    public DataSelection? Inspected { get; private set; }

    public DatasetListing? Imported { get; init; }

    public DataInspection Inspection { get; init; } = Examples.Inspection;

    public ImmutableArray<RunListing> Listing { get; init; } = [];

    public ImmutableArray<ModelDescription> Published { get; init; } = [Examples.Model];

    /// <summary>How far its jobs say they are with their files.</summary>
    public List<ReadingProgress> Readings { get; init; } = [];

    public Exception? Fault { get; init; }

    /// <summary>What the losses are answered with in the place of any.</summary>
    public Exception? Lost { get; init; }

    /// <summary>What becomes of a normal number that is drawn.</summary>
    public Func<double, double> Drawn { get; init; } = number => number;

    public TaskCompletionSource<RunProgress>? Stopped { get; init; }

    public VerificationReport Verified { get; init; } = new("zipcodes", 1, 50, 1000, Equal: true, FirstDifferent: null, Finding: null);

    public ScoringResult Scores { get; init; } = Examples.Scores;

    public DetectionResult Detected { get; init; } = Examples.Detection;

    /// <summary>What scorings, searches and evaluations warn of.</summary>
    public string? Warning { get; init; }

    public Func<double, double, double> Density { get; init; } = (x, y) => -((x * x) + (y * y)) / 2;

    public List<string> Asked { get; } = [];

    /// <summary>The rounds that were traced, one for each time it is asked.</summary>
    public Queue<TracedRound> Rounds { get; init; } = [];

    public ModelRegistration Registered { get; set; } = new(ImmutableSortedDictionary<string, int>.Empty.Add("champion", 1), null, false, [new(new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero), RegistryChangeKind.Pointed) { Alias = "champion", Version = 1, By = "ops" }]);


    public TrainingPlan? Plan { get; private set; }

    /// <summary>What becomes of a plan that begins with a model.</summary>
    public Func<TrainingPlan, TrainingPlan> Complete { get; init; } = plan => plan;

    public Task<RunProgress> StartRun(string run, TrainingPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        Read(reading);
        Asked.Add($"start {run}");
        if (Fault is not null) throw Fault;
        Plan = plan;
        return Task.FromResult(Updates[0]);
    }

    public Task<RunProgress> ResumeRun(string run, bool acceptClass, CancellationToken cancellation)
    {
        Asked.Add($"resume {run}{(acceptClass ? " in any class" : "")}");
        if (Fault is not null) throw Fault;
        return Task.FromResult(Updates[0]);
    }

    public async IAsyncEnumerable<RunProgress> WatchRun(string run, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var update in Updates) yield return update;
        if (Stopped is not null) yield return await Stopped.Task.WaitAsync(cancellation);
    }

    public Task<RunProgress> Progress(string run, CancellationToken cancellation) => Task.FromResult(Updates[^1]);

    public Task<RunProgress> StopRun(string run, CancellationToken cancellation)
    {
        Asked.Add($"stop {run}");
        if (Fault is not null) throw Fault;
        var progress = Updates[^1] with { Phase = Updates[^1].Phase.IsAtRest() ? Updates[^1].Phase : RunPhase.Stopped };
        Stopped?.TrySetResult(progress);
        return Task.FromResult(progress);
    }

    public Task<TrainingPlan> RunPlan(string run, CancellationToken cancellation) => Task.FromResult(Complete(Plan!));

    public Task<RunResult?> Result(string run, CancellationToken cancellation) => Task.FromResult(Outcome);

    public Task<TestReport> Test(string run, CancellationToken cancellation) => Task.FromResult(new TestReport(4205, 6.8, 7.7, 7.0, 0.1));

    public Task<ImmutableArray<LossPoint>> History(string run, CancellationToken cancellation) => Task.FromResult(Examples.History);

    /// <summary>What was said of its runs.</summary>
    public List<RunLogLine> Said { get; init; } = [];

    /// <summary>Until when it says more; null where it says no more.</summary>
    public TaskCompletionSource? SaysOn { get; init; }

    public async IAsyncEnumerable<RunLogLine> Log(string run, bool follow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        Asked.Add($"log of {run}{(follow ? " and on" : "")}");
        foreach (var line in Said) yield return line;
        if (SaysOn is not null) await SaysOn.Task.WaitAsync(cancellation);
    }

    public Task<TracedRound?> Round(string run, CancellationToken cancellation) => Task.FromResult(Rounds.TryDequeue(out var round) ? round : null);

    public Task DeleteRun(string run, CancellationToken cancellation)
    {
        Asked.Add($"delete run {run}");
        if (Fault is not null) throw Fault;
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<RunListing>> Runs(CancellationToken cancellation) => Task.FromResult(Listing);

    public Task<ImmutableArray<ModelDescription>> Models(CancellationToken cancellation) => Task.FromResult(Published);

    public Task<ModelDescription> Describe(ModelReference model, CancellationToken cancellation) =>
        Published.FirstOrDefault(one => one.Name == model.Name) is { } found
            ? Task.FromResult(found)
            : throw new BadInputException($"There is no model '{model.Name}'.");

    public Task<ImmutableArray<LossPoint>> Losses(ModelReference model, CancellationToken cancellation)
    {
        Asked.Add($"losses of {model}");
        return Lost is null ? Task.FromResult(Examples.History) : throw Lost;
    }

    public Task<ModelRegistration> Registration(string model, CancellationToken cancellation) => Task.FromResult(Registered);

    public Task<ModelRegistration> PointAlias(ModelReference model, string alias, CancellationToken cancellation) => Noted($"{alias} of {model}", Registered with { Aliases = Registered.Aliases.SetItem(alias, model.Version ?? 1) });

    public Task<ModelRegistration> RollBackAlias(string model, string alias, CancellationToken cancellation) => Noted($"roll back {alias} of {model}", Registered);

    public Task<ModelRegistration> RemoveAlias(string model, string alias, CancellationToken cancellation) => Noted($"remove {alias} of {model}", Registered with { Aliases = Registered.Aliases.Remove(alias) });

    public Task<ModelRegistration> Route(string model, TrafficRule? rule, CancellationToken cancellation) => Noted($"route {model} to {rule}", Registered with { Traffic = rule });

    public async Task ExportModel(ModelReference model, string path, CancellationToken cancellation)
    {
        Asked.Add($"export {model}");
        await File.WriteAllTextAsync(path, "archive", cancellation);
    }

    public Task<ModelDescription> ImportModel(string model, string path, CancellationToken cancellation) => Noted($"import {model}", Published[0]);

    public Task DeleteModel(ModelReference model, CancellationToken cancellation)
    {
        Asked.Add($"delete model {model}");
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<PresetDescription>> Presets(CancellationToken cancellation) => Task.FromResult(Examples.Presets);

    public Task<string> Locate(LocalData data, IProgress<ReadingProgress>? uploading, CancellationToken cancellation) => Task.FromResult(data.Path);

    public DataSelection? ReadAgain { get; private set; }

    public Task<DatasetSummary> Import(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        ReadAgain = selection;
        return Task.FromResult(new DatasetSummary("data", "root", 400, DroppedRows: 3, selection.Columns, selection.Context));
    }

    public Task<DataInspection> Inspect(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        Inspected = selection;
        Read(reading);
        return Task.FromResult(Inspection);
    }

    public Task<ScoringResult> Score(ScoringPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        Read(reading);
        Asked.Add($"score {plan.Model}@{plan.Version} into {plan.Output ?? "nothing"}{(plan.Carry.IsEmpty ? "" : $" with {string.Join(", ", plan.Carry)}")}{(plan.DequantiseDraws is { } draws ? $" by {draws} draws" : "")}");
        if (plan is { Latent: true, Output: { } output }) File.WriteAllLines(output, Normals(new Random(1), 1000).Chunk(2).Select((z, row) => $"{row},-1,{z[0] + Shift:R},{z[1] + Shift:R}").Prepend("row,log_prob,z0,z1"));
        return Task.FromResult(Scores with { Warning = Warning });
    }

    public Task<DetectionResult> Detect(DetectionPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        Read(reading);
        Asked.Add($"detect by {plan.Model}@{plan.Version}, {plan.Score}, rate {plan.Rate}, threshold {plan.Threshold}, label {plan.Label}, explain {plan.Explain}, into {plan.Output ?? "nothing"}");
        return Task.FromResult(Detected with { Warning = Warning });
    }

    public Task<EvaluationReport> Evaluate(EvaluationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        Read(reading);
        return Task.FromResult(new EvaluationReport(100, 1.5, null, 2.5, 0.01, 0.02, 1e-6) { Warning = Warning });
    }

    public Task<VerificationReport> Verify(VerificationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        Read(reading);
        Asked.Add($"verify {plan.Model}@{plan.Version}, {(plan.Rounds is { } rounds ? $"{rounds}" : "all")} rounds");
        return Task.FromResult(Verified);
    }

    public async IAsyncEnumerable<ReadOnlyMemory<double>> Sample(
        ModelDescription model, SampleOrder order, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var random = new Random((int)order.Seed);
        for (long left = order.Rows; left > 0; left -= 1000)
        {
            if (Fault is not null && left < order.Rows) throw Fault;
            yield return Normals(random, (int)Math.Min(left, 1000) * model.Columns.Length).Select(Drawn).ToArray();
        }
    }

    public Task<float[]> LogDensity(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation)
    {
        var width = model.Columns.Length + model.Context.Length;
        return Task.FromResult(Enumerable.Range(0, rows.Length / width)
            .Select(i => (float)Density(rows.Span[i * width], width > 1 ? rows.Span[(i * width) + 1] : 0)).ToArray());
    }

    /// <summary>The identity moved by what a test says.</summary>
    public Task<float[]> Latents(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation)
    {
        var width = model.Columns.Length + model.Context.Length;
        return Task.FromResult(rows.ToArray().Chunk(width).SelectMany(row => row[..model.Columns.Length]).Select(value => (float)(value + Shift)).ToArray());
    }

    /// <summary>What latents have more than rows.</summary>
    public double Shift { get; init; }

    public Task<ImmutableArray<LayerPoints>> Layers(ModelDescription model, SampleOrder order, int x, int y, CancellationToken cancellation)
    {
        Asked.Add($"layers of {model.Name}, {x} and {y}");
        var normals = Normals(new Random((int)order.Seed), (int)order.Rows * 2).Chunk(2).ToArray();
        return Task.FromResult<ImmutableArray<LayerPoints>>([Layer("base", 1), Layer("coupling", 0.5), Layer("standardize", 2)]);

        LayerPoints Layer(string name, double scale) => new(name, [.. normals.Select(point => ImmutableArray.Create(point.Select(value => (float)(scale * value)).ToArray()))]);
    }

    public Task<RowList> DatasetRows(string id, int rows, long seed, CancellationToken cancellation) =>
        Task.FromResult(new RowList(["longitude", "latitude"], [.. Normals(new Random((int)seed), rows * 4).Chunk(4).Select(row => ImmutableArray.Create(row))])); // the widest of its models

    public Task<DatasetList> Datasets(CancellationToken cancellation) => Task.FromResult(new DatasetList(Imported is null ? [] : [Imported], 0, Quota: null));

    public Task<DatasetListing> Dataset(string id, CancellationToken cancellation) => Task.FromResult(Imported ?? throw new NotFoundException(id));

    public Task DeleteDataset(string id, CancellationToken cancellation) => throw new NotFoundException(id);

    public Task<ClusterOverview> Overview(CancellationToken cancellation) => Task.FromResult(new ClusterOverview(
        [new("local", "0.1.0+2bad957e706e063275cf6eb4d5fe368f58e6d6c9", ["cpu avx2"], 2, 1), new("other", "0.1.0", ["cpu avx2"], 4, 0)], Runs: 3, Models: 2));

    private void Read(IProgress<ReadingProgress>? reading) => Readings.ForEach(progress => reading?.Report(progress));

    private static double[] Normals(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()))];

    private Task<T> Noted<T>(string asked, T answer)
    {
        Asked.Add(asked);
        return Task.FromResult(answer);
    }
}
