using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Client;

/// <summary>A cluster reached through the HTTP API of any of its silos. Calls are repeated while that silo is away, two minutes at most.</summary>
/// <param name="http">Knows the silo's address and the key; see <see cref="ApiConnection"/>.</param>
/// <param name="files">Writes answers here.</param>
/// <param name="clock">Times pauses and patience.</param>
/// <param name="waiting">Told in a sentence, once each time, when the silo does not answer and is waited for.</param>
public sealed class HttpCluster(HttpClient http, IAnswerFiles files, TimeProvider clock, Action<string>? waiting = null) : ICluster
{
    private readonly ApiCalls _api = new(http, clock, waiting ?? (_ => { }), Persistence.Rule(Persistence.Usual));

    /// <summary>Which version answers there; asked once, so that a wrong address is known at once.</summary>
    /// <exception cref="ClusterUnreachableException">None does.</exception>
    public Task<ApiRoot> Greet(CancellationToken cancellation = default) => _api.Once<ApiRoot>("", cancellation);

    /// <inheritdoc />
    public Task<RunProgress> StartRun(string run, TrainingPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation) =>
        _api.Job<RunProgress>(() => new(HttpMethod.Put, RunPath(run)) { Content = Json(plan) }, reading, cancellation);

    /// <inheritdoc />
    public Task<RunProgress> ResumeRun(string run, bool acceptClass, CancellationToken cancellation) =>
        _api.Job<RunProgress>(() => new(HttpMethod.Post, $"{RunPath(run)}/resume?acceptClass={(acceptClass ? "true" : "false")}"), reading: null, cancellation);

    /// <inheritdoc />
    public async IAsyncEnumerable<RunProgress> WatchRun(string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        RunProgress? last = null;
        while (true) // a silo that goes away ends the events, not the run
        {
            await foreach (var (kind, data) in _api.Events(() => new(HttpMethod.Get, $"{RunPath(run)}/events"), cancellation))
            {
                if (kind == "problem") throw ApiFaults.Of(data);
                if (kind != "progress" || ApiCalls.Read<RunProgress>(data) is not { } next || next == last) continue;
                yield return last = next;
                if (last.Phase.IsAtRest()) yield break;
            }
        }
    }

    /// <inheritdoc />
    public Task<RunProgress> Progress(string run, CancellationToken cancellation) => _api.Get<RunProgress>(RunPath(run), cancellation);

    /// <inheritdoc />
    public Task<RunProgress> StopRun(string run, CancellationToken cancellation) => _api.Job<RunProgress>(() => new(HttpMethod.Post, $"{RunPath(run)}/cancel"), reading: null, cancellation);

    /// <inheritdoc />
    public Task<TrainingPlan> RunPlan(string run, CancellationToken cancellation) => _api.Get<TrainingPlan>($"{RunPath(run)}/plan", cancellation);

    /// <inheritdoc />
    public async Task<RunResult?> Result(string run, CancellationToken cancellation) => (await _api.Get<RunOutcome>($"{RunPath(run)}/result", cancellation)).Result;

    /// <inheritdoc />
    public Task<TestReport> Test(string run, CancellationToken cancellation) => _api.Job<TestReport>(() => new(HttpMethod.Get, $"{RunPath(run)}/test"), reading: null, cancellation);

    /// <inheritdoc />
    public async Task<ImmutableArray<LossPoint>> History(string run, CancellationToken cancellation) => (await _api.Get<LossList>($"{RunPath(run)}/history", cancellation)).Losses;

    /// <inheritdoc />
    public IAsyncEnumerable<RunLogLine> Log(string run, bool follow, CancellationToken cancellation) => follow ? FollowLog(run, cancellation) : WholeLog(run, cancellation);

    /// <inheritdoc />
    public async Task<TracedRound?> Round(string run, CancellationToken cancellation) => (await _api.Get<JsonElement>($"{RunPath(run)}/round", cancellation)).Deserialize<TracedRound>(ApiJson.Options); // null is an answer too

    /// <inheritdoc />
    public Task DeleteRun(string run, CancellationToken cancellation) => _api.Delete(RunPath(run), cancellation);

    /// <inheritdoc />
    public async Task<ImmutableArray<RunListing>> Runs(CancellationToken cancellation) => (await _api.Get<RunList>("runs", cancellation)).Runs;

    /// <inheritdoc />
    public async Task<ImmutableArray<ModelDescription>> Models(CancellationToken cancellation) => (await _api.Get<ModelList>("models", cancellation)).Models;

    /// <inheritdoc />
    public Task<ModelDescription> Describe(ModelReference model, CancellationToken cancellation) => _api.Get<ModelDescription>($"{ModelPath(model.Name)}{Version(model.Which)}", cancellation);

    /// <inheritdoc />
    public Task<ModelRegistration> Registration(string model, CancellationToken cancellation) => _api.Get<ModelRegistration>($"{ModelPath(model)}/aliases", cancellation);

    /// <inheritdoc />
    public async Task<ModelRegistration> PointAlias(ModelReference model, string alias, CancellationToken cancellation)
    {
        var version = await Describe(model, cancellation); // a number: what an alias names may move between two attempts
        return await _api.Send<ModelRegistration>(() => new(HttpMethod.Put, AliasPath(model.Name, alias)) { Content = Json(new AliasOrder(version.Version.ToString(CultureInfo.InvariantCulture))) }, cancellation);
    }

    /// <inheritdoc />
    public async Task<ModelRegistration> RollBackAlias(string model, string alias, CancellationToken cancellation)
    {
        var now = await Registration(model, cancellation);
        return await _api.Send<ModelRegistration>(() => new(HttpMethod.Post, $"{AliasPath(model, alias)}/rollback?from={now.Aliases.GetValueOrDefault(alias)}"), cancellation);
    }

    /// <inheritdoc />
    public Task<ModelRegistration> RemoveAlias(string model, string alias, CancellationToken cancellation) => _api.Send<ModelRegistration>(() => new(HttpMethod.Delete, AliasPath(model, alias)), cancellation);

    /// <inheritdoc />
    public Task<ModelRegistration> Route(string model, TrafficRule? rule, CancellationToken cancellation) => _api.Send<ModelRegistration>(
        () => rule is null ? new(HttpMethod.Delete, $"{ModelPath(model)}/traffic") : new(HttpMethod.Put, $"{ModelPath(model)}/traffic") { Content = Json(rule) }, cancellation);

    /// <inheritdoc />
    public Task ExportModel(ModelReference model, string path, CancellationToken cancellation) =>
        _api.Download($"{ModelPath(model.Name)}/archive{Version(model.Which)}", content => files.Save(path, content, cancellation), cancellation);

    /// <inheritdoc />
    public async Task<ModelDescription> ImportModel(string model, string path, CancellationToken cancellation)
    {
        await using var archive = File.OpenRead(path);
        return await _api.Send<ModelDescription>(
            () =>
            {
                archive.Position = 0; // of each attempt
                return new(HttpMethod.Post, $"{ModelPath(model)}/archive") { Content = new StreamContent(archive) };
            },
            cancellation);
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<LossPoint>> Losses(ModelReference model, CancellationToken cancellation) =>
        (await _api.Get<LossList>($"{ModelPath(model.Name)}/losses{Version(model.Which)}", cancellation)).Losses;

    /// <inheritdoc />
    public Task DeleteModel(ModelReference model, CancellationToken cancellation) => _api.Delete($"{ModelPath(model.Name)}{Version(model.RequireNumber()?.ToString(CultureInfo.InvariantCulture))}", cancellation);

    /// <inheritdoc />
    public async Task<ImmutableArray<PresetDescription>> Presets(CancellationToken cancellation) => (await _api.Get<PresetList>("presets", cancellation)).Presets;

    /// <inheritdoc />
    public Task<string> Locate(LocalData data, IProgress<ReadingProgress>? uploading, CancellationToken cancellation) => new Upload(_api, data, uploading).Locate(cancellation);

    /// <inheritdoc />
    public Task<DatasetSummary> Import(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation) =>
        _api.Job<DatasetSummary>(() => new(HttpMethod.Post, "datasets/import") { Content = Json(selection) }, reading, cancellation);

    /// <inheritdoc />
    public Task<DataInspection> Inspect(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation) =>
        _api.Job<DataInspection>(() => new(HttpMethod.Post, "datasets/inspect") { Content = Json(selection) }, reading, cancellation);

    /// <inheritdoc />
    public async Task<ScoringResult> Score(ScoringPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        using var folder = plan.Output is { } local && Path.EndsInDirectorySeparator(local) ? files.Folder(local) : null; // before the work: it may be no place for scores
        var order = new ScoringOrder(plan.Model, plan.Version, plan.Data, plan.Missing, plan.Latent, Format(plan.Output)) { Carry = plan.Carry, InParts = folder is not null, DequantiseDraws = plan.DequantiseDraws };
        var answer = await _api.Job<ScoringAnswer>(() => new(HttpMethod.Post, "scorings") { Content = Json(order) }, reading, cancellation);
        if (folder is not null) await Fetch(answer, folder, cancellation);
        else if (answer.Output is { } output) await Fetch($"scorings/{output}", plan.Output!, cancellation);
        return answer.Result;
    }

    /// <inheritdoc />
    public async Task<DetectionResult> Detect(DetectionPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var order = new DetectionOrder(
            plan.Model, plan.Version, plan.Data, plan.Missing, plan.Score, plan.Rate, plan.Threshold, plan.Label, plan.Reference, plan.Explain, Format(plan.Output));
        var answer = await _api.Job<DetectionAnswer>(() => new(HttpMethod.Post, "detections") { Content = Json(order) }, reading, cancellation);
        if (answer.Output is { } output) await Fetch($"scorings/{output}", plan.Output!, cancellation);
        return answer.Result;
    }

    /// <inheritdoc />
    public Task<EvaluationReport> Evaluate(EvaluationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation) =>
        _api.Job<EvaluationReport>(() => new(HttpMethod.Post, "evaluations") { Content = Json(plan) }, reading, cancellation);

    /// <inheritdoc />
    public Task<VerificationReport> Verify(VerificationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation) =>
        _api.Job<VerificationReport>(() => new(HttpMethod.Post, "verifications") { Content = Json(plan) }, reading, cancellation);

    /// <inheritdoc />
    public async IAsyncEnumerable<ReadOnlyMemory<double>> Sample(ModelDescription model, SampleOrder order, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var most = CallSize.Rows(model.Columns.Length);
        for (long first = 0; first < order.Rows; first += most)
        {
            var rows = Math.Min(most, order.Rows - first);
            var path = $"{ModelPath(model.Name)}/samples?version={model.Version}&first={first}&rows={rows}&seed={order.Seed}{Given(order)}";
            yield return MemoryMarshal.Cast<byte, double>(await _api.Bytes(() => new(HttpMethod.Get, path), cancellation)).ToArray();
        }
    }

    /// <inheritdoc />
    public Task<float[]> LogDensity(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation) => OfRows("log-densities", model, rows, cancellation);

    /// <inheritdoc />
    public Task<float[]> Latents(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation) => OfRows("latents", model, rows, cancellation);

    /// <inheritdoc />
    public async Task<ImmutableArray<LayerPoints>> Layers(ModelDescription model, SampleOrder order, int x, int y, CancellationToken cancellation) =>
        (await _api.Get<LayerList>($"{ModelPath(model.Name)}/layers?version={model.Version}&rows={order.Rows}&seed={order.Seed}&x={x}&y={y}{Given(order)}", cancellation)).Layers;

    /// <inheritdoc />
    public Task<RowList> DatasetRows(string id, int rows, long seed, CancellationToken cancellation) =>
        _api.Get<RowList>($"datasets/{Uri.EscapeDataString(id)}/rows?rows={rows}&seed={seed}", cancellation);

    /// <inheritdoc />
    public Task<DatasetList> Datasets(CancellationToken cancellation) => _api.Get<DatasetList>("datasets", cancellation);

    /// <inheritdoc />
    public Task<DatasetListing> Dataset(string id, CancellationToken cancellation) => _api.Get<DatasetListing>($"datasets/{Uri.EscapeDataString(id)}", cancellation);

    /// <inheritdoc />
    public Task DeleteDataset(string id, CancellationToken cancellation) => _api.Delete($"datasets/{Uri.EscapeDataString(id)}", cancellation);

    /// <inheritdoc />
    public Task<ClusterOverview> Overview(CancellationToken cancellation) => _api.Get<ClusterOverview>("cluster", cancellation);

    private async IAsyncEnumerable<RunLogLine> WholeLog(string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var line in (await _api.Get<RunLogList>(LogPath(run), cancellation)).Lines) yield return line;
    }

    /// <summary>Where the connection breaks all of it comes again, and what is known by its place is left out.</summary>
    private async IAsyncEnumerable<RunLogLine> FollowLog(string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var read = new Dictionary<string, long>();
        while (true)
        {
            await foreach (var (kind, data) in _api.Events(() => new(HttpMethod.Get, LogPath(run)), cancellation))
            {
                if (kind == "problem") throw ApiFaults.Of(data);
                if (kind == "end") yield break;
                if (kind != "line" || ApiCalls.Read<RunLogLine>(data) is not { } line || line.End <= read.GetValueOrDefault(line.File)) continue;
                read[line.File] = line.End;
                yield return line;
            }
        }
    }

    /// <summary>Numbers of rows, cut into calls of moderate size.</summary>
    private async Task<float[]> OfRows(string what, ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation)
    {
        var width = model.Columns.Length + model.Context.Length;
        var (answers, most) = (new List<float>(), CallSize.Rows(width) * width);
        for (var first = 0; first < rows.Length; first += most)
        {
            var body = MemoryMarshal.AsBytes(rows.Span[first..Math.Min(rows.Length, first + most)]).ToArray();
            var numbers = await _api.Bytes(() => new(HttpMethod.Post, $"{ModelPath(model.Name)}/{what}?version={model.Version}") { Content = new ByteArrayContent(body) }, cancellation);
            answers.AddRange(MemoryMarshal.Cast<byte, float>(numbers));
        }
        return [.. answers];
    }

    /// <summary>Downloads what a job has written. It stays there: others may have given the same order.</summary>
    private Task Fetch(string remote, string local, CancellationToken cancellation) => _api.Download(remote, content => files.Save(local, content, cancellation), cancellation);

    private async Task Fetch(ScoringAnswer answer, IAnswerFolder folder, CancellationToken cancellation)
    {
        foreach (var part in answer.Parts.Select(name => Path.GetFileName(name))) // whatever a silo calls them, they go nowhere else
            await _api.Download($"scorings/{answer.Output}/{Uri.EscapeDataString(part)}", content => folder.Save(part, content, cancellation), cancellation);
        folder.Complete();
    }

    private static JsonContent Json<T>(T document) => JsonContent.Create(document, options: ApiJson.Options);

    private static string? Format(string? local) => local is null ? null : Path.GetExtension(Path.TrimEndingDirectorySeparator(local))[1..].ToLowerInvariant();

    private static string RunPath(string run) => $"runs/{Uri.EscapeDataString(run)}";

    private static string LogPath(string run) => $"{RunPath(run)}/logs";

    private static string ModelPath(string model) => $"models/{Uri.EscapeDataString(model)}";

    private static string AliasPath(string model, string alias) => $"{ModelPath(model)}/aliases/{Uri.EscapeDataString(alias)}";

    private static string Given(SampleOrder order) => string.Concat(order.Context.Select(value => string.Create(CultureInfo.InvariantCulture, $"&context={value:R}")));

    private static string Version(string? version) => version is null ? "" : $"?version={Uri.EscapeDataString(version)}";
}
