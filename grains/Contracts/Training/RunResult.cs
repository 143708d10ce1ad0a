namespace FlowGrain.Training;

/// <summary>What a finished run came to. Likelihoods are negative, in nats per row in the units of the data.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The model's version.</param>
/// <param name="Rows">Rows of the data set.</param>
/// <param name="Dimension">Columns modelled.</param>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Steps">Optimizer steps committed; a round of H inner steps is H of them.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="TrainNll">Published weights over at most 100,000 fixed training rows.</param>
/// <param name="ValidationNll">Published weights over the rows that chose them.</param>
/// <param name="GaussianNll">A full-covariance Gaussian, fitted on the training rows, over the same validation rows.</param>
/// <param name="RowsPerSecond">Training rows a second over the whole of this activation's training.</param>
/// <param name="Seconds">This activation's time from start to published model.</param>
/// <param name="WeightsSha256">SHA-256 of the little-endian float32 parameter buffer.</param>
/// <param name="DeviceClass">What else the bits depend on: the version of our kernels; or torch's version, instructions, matrix library and processor family.</param>
/// <param name="Path">The model's folder.</param>
/// <param name="DroppedRows">Rows left out for a missing or non-finite value; null where they were not counted.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RunResult")]
public sealed record RunResult(
    [property: Id(0)] string Run,
    [property: Id(1)] string Model,
    [property: Id(2)] int Version,
    [property: Id(3)] long Rows,
    [property: Id(4)] int Dimension,
    [property: Id(5)] int Parameters,
    [property: Id(6)] long Steps,
    [property: Id(7)] double Epochs,
    [property: Id(8)] double TrainNll,
    [property: Id(9)] double ValidationNll,
    [property: Id(10)] double GaussianNll,
    [property: Id(11)] double RowsPerSecond,
    [property: Id(12)] double Seconds,
    [property: Id(13)] string WeightsSha256,
    [property: Id(14)] string DeviceClass,
    [property: Id(15)] string Path,
    [property: Id(16)] long? DroppedRows = null);

/// <summary>A finished model on rows that neither trained it nor chose its weights; nats per row.</summary>
/// <param name="Rows">Test rows.</param>
/// <param name="Nll">The flow.</param>
/// <param name="GaussianNll">A full-covariance Gaussian fitted on the training rows.</param>
/// <param name="KdeNll">A Gaussian kernel density estimate over the training rows, bandwidth chosen on the validation rows; null above three columns.</param>
/// <param name="KdeBandwidth">That bandwidth, in deviations of the whitened columns.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.TestReport")]
public sealed record TestReport(
    [property: Id(0)] long Rows,
    [property: Id(1)] double Nll,
    [property: Id(2)] double GaussianNll,
    [property: Id(3)] double? KdeNll,
    [property: Id(4)] double? KdeBandwidth);

/// <summary>A line of the list of runs.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Version">Version of the model it makes.</param>
/// <param name="Phase">Where it is, as the journal says.</param>
/// <param name="Preset">The preset.</param>
/// <param name="Step">Steps durably committed.</param>
/// <param name="Steps">Steps planned; 0 while <c>--minutes</c> has not fixed them.</param>
/// <param name="ValidationNll">Best validation so far, nats per row; null before the first.</param>
/// <param name="Started">When the version began, UTC.</param>
/// <param name="Failure">Why it failed, in one sentence; null unless it did.</param>
/// <param name="Result">What it came to; null until it has finished.</param>
/// <param name="IsPublished">Whether its model is there; it may have been deleted since.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RunListing")]
public sealed record RunListing(
    [property: Id(0)] string Run,
    [property: Id(1)] int Version,
    [property: Id(2)] RunPhase Phase,
    [property: Id(3)] string Preset,
    [property: Id(4)] long Step,
    [property: Id(5)] long Steps,
    [property: Id(6)] double? ValidationNll,
    [property: Id(7)] DateTimeOffset Started,
    [property: Id(8)] string? Failure = null,
    [property: Id(9)] RunResult? Result = null,
    [property: Id(10)] bool IsPublished = false)
{
    /// <summary>What a validation is of while there is no result, whose figures are likelihoods always; see <see cref="RunObjectives"/>.</summary>
    [Id(11)] public string Objective { get => field ?? RunObjectives.Likelihood; init; } = RunObjectives.Likelihood;
}
