using System.Collections.Immutable;
using FlowGrain.Api;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Client;

/// <summary>
/// What a client can ask of a cluster, whichever way it is reached. A name that does not exist, and input that cannot
/// be used, throw <see cref="BadInputException"/> with a sentence for the user.
/// </summary>
public interface ICluster
{
    /// <summary>Starts a run, or resumes it; returns once its data is read. See <see cref="IRunGrain.Start"/>.</summary>
    /// <param name="run">Its name.</param>
    /// <param name="plan">What to train.</param>
    /// <param name="reading">Told how far the reading is, about twice a second; null to be left alone. So are those below.</param>
    /// <param name="cancellation">Gives up; what was read may be read again.</param>
    Task<RunProgress> StartRun(string run, TrainingPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation = default);

    /// <summary>Goes on with the newest version of a run where it stopped. See <see cref="IRunGrain.Resume"/>.</summary>
    Task<RunProgress> ResumeRun(string run, bool acceptClass, CancellationToken cancellation = default);

    /// <summary>The run's progress, now and at every change, until it finishes, stops or fails.</summary>
    IAsyncEnumerable<RunProgress> WatchRun(string run, CancellationToken cancellation = default);

    /// <summary>Where the run is now.</summary>
    Task<RunProgress> Progress(string run, CancellationToken cancellation = default);

    /// <summary>Stops the run after its running round; returns when its checkpoint is on disk.</summary>
    Task<RunProgress> StopRun(string run, CancellationToken cancellation = default);

    /// <summary>The plan of the run's newest version: with what it left open as the model has it that it begins with.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    Task<TrainingPlan> RunPlan(string run, CancellationToken cancellation = default);

    /// <summary>What the run's newest version came to; null until it has finished.</summary>
    Task<RunResult?> Result(string run, CancellationToken cancellation = default);

    /// <summary>The finished model on the run's test rows.</summary>
    Task<TestReport> Test(string run, CancellationToken cancellation = default);

    /// <summary>The losses of the run's newest version, oldest first.</summary>
    Task<ImmutableArray<LossPoint>> History(string run, CancellationToken cancellation = default);

    /// <summary>What was said of the run, on every silo, by its times; followed, also what is said from now on until it is at rest.</summary>
    IAsyncEnumerable<RunLogLine> Log(string run, bool follow, CancellationToken cancellation = default);

    /// <summary>The round of the run that was traced last, over all silos; null where none was yet.</summary>
    Task<TracedRound?> Round(string run, CancellationToken cancellation = default);

    /// <summary>Removes the run's journal, log and checkpoints; its models stay.</summary>
    Task DeleteRun(string run, CancellationToken cancellation = default);

    /// <summary>Every run, newest first.</summary>
    Task<ImmutableArray<RunListing>> Runs(CancellationToken cancellation = default);

    /// <summary>The newest version of every model and those that aliases name, by name, newest first; one that is damaged says so and hides no other.</summary>
    Task<ImmutableArray<ModelDescription>> Models(CancellationToken cancellation = default);

    /// <summary>One version of a model.</summary>
    Task<ModelDescription> Describe(ModelReference model, CancellationToken cancellation = default);

    /// <summary>The losses of the run that made a version of a model, oldest first.</summary>
    Task<ImmutableArray<LossPoint>> Losses(ModelReference model, CancellationToken cancellation = default);

    /// <summary>A model's aliases, its traffic, and how they came about.</summary>
    Task<ModelRegistration> Registration(string model, CancellationToken cancellation = default);

    /// <summary>Has an alias name a version; every silo answers with it when this returns.</summary>
    /// <param name="model">The version, which an alias may name.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<ModelRegistration> PointAlias(ModelReference model, string alias, CancellationToken cancellation = default);

    /// <summary>Has an alias name what it named before.</summary>
    Task<ModelRegistration> RollBackAlias(string model, string alias, CancellationToken cancellation = default);

    /// <summary>Removes an alias.</summary>
    Task<ModelRegistration> RemoveAlias(string model, string alias, CancellationToken cancellation = default);

    /// <summary>Sends a part of a model's requests to another alias than champion, or none of them when null.</summary>
    Task<ModelRegistration> Route(string model, TrafficRule? rule, CancellationToken cancellation = default);

    /// <summary>Writes a version of a model into one file here.</summary>
    Task ExportModel(ModelReference model, string path, CancellationToken cancellation = default);

    /// <summary>Takes a file that was exported as the next version of a model; one that is there already stays as it is.</summary>
    Task<ModelDescription> ImportModel(string model, string path, CancellationToken cancellation = default);

    /// <summary>Removes one version of a model, or all when the reference names none.</summary>
    Task DeleteModel(ModelReference model, CancellationToken cancellation = default);

    /// <summary>Every preset.</summary>
    Task<ImmutableArray<PresetDescription>> Presets(CancellationToken cancellation = default);

    /// <summary>The path under which the cluster's jobs read a file, folder, glob or query: its own where they see all of its files, else that of copies, which are uploaded first.</summary>
    /// <param name="data">What the path names here.</param>
    /// <param name="uploading">Told how far the upload is; null to be left alone.</param>
    /// <param name="cancellation">Gives up; what has come stays for a day, and the next attempt goes on from it.</param>
    Task<string> Locate(LocalData data, IProgress<ReadingProgress>? uploading, CancellationToken cancellation = default);

    /// <summary>Reads a file into blocks that later jobs share.</summary>
    Task<DatasetSummary> Import(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation = default);

    /// <summary>Every imported data set, newest first, and what they may take.</summary>
    Task<DatasetList> Datasets(CancellationToken cancellation = default);

    /// <summary>One imported data set, by its id or what that begins with.</summary>
    Task<DatasetListing> Dataset(string id, CancellationToken cancellation = default);

    /// <summary>Removes an imported data set; the file that it came from stays.</summary>
    Task DeleteDataset(string id, CancellationToken cancellation = default);

    /// <summary>Describes the columns of a file, or those selected.</summary>
    Task<DataInspection> Inspect(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation = default);

    /// <summary>Scores every row of a file; when it is cancelled no output is written, and asking for the same again goes on.</summary>
    Task<ScoringResult> Score(ScoringPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation = default);

    /// <summary>Looks for the anomalies of a file; when it is cancelled no output is written.</summary>
    Task<DetectionResult> Detect(DetectionPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation = default);

    /// <summary>Measures a model on the rows of a file.</summary>
    Task<EvaluationReport> Evaluate(EvaluationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation = default);

    /// <summary>Replays rounds of the run that made a model, and compares them with its record.</summary>
    Task<VerificationReport> Verify(VerificationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation = default);

    /// <summary>Draws rows, in chunks of whole rows, row-major in the model's columns.</summary>
    IAsyncEnumerable<ReadOnlyMemory<double>> Sample(ModelDescription model, SampleOrder order, CancellationToken cancellation = default);

    /// <summary>Log-densities in nats, one per row, of row-major rows: the modelled columns, then the context.</summary>
    Task<float[]> LogDensity(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation = default);

    /// <summary>What the flow makes of row-major rows in its base: row-major <c>[B, D]</c>, where a category has no coordinate.</summary>
    Task<float[]> Latents(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation = default);

    /// <summary>Two coordinates of draws as each layer of the flow has them, from the base to the data. See <see cref="IModelReplicaGrain.Layers"/>.</summary>
    Task<ImmutableArray<LayerPoints>> Layers(ModelDescription model, SampleOrder order, int x, int y, CancellationToken cancellation = default);

    /// <summary>Some rows of an imported data set, spread over all of it. See <see cref="IClusterGrain.DatasetRows"/>.</summary>
    Task<RowList> DatasetRows(string id, int rows, long seed, CancellationToken cancellation = default);

    /// <summary>Silos, slots, and how much there is of the rest.</summary>
    Task<ClusterOverview> Overview(CancellationToken cancellation = default);
}
