using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FlowGrain.Flows.Engines;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>run.json of a model folder: where the model comes from and how good it is.</summary>
internal sealed record RunRecord
{
    /// <summary>The version of the format that this program writes.</summary>
    internal const int CurrentFormat = 1;

    /// <summary>Version of the format.</summary>
    public required int Format { get; init; }

    /// <summary>What the run came to.</summary>
    public required RunResult Result { get; init; }

    /// <summary>The plan as its user wrote it.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <summary>The model whose weights the run began with; null where they were fresh.</summary>
    public ModelOrigin? From { get; init; }

    /// <summary>Where the weights come from, of a model that was not trained here; null of one that was.</summary>
    public ImportOrigin? Imported { get; init; }

    /// <summary>Hash of flow.json without names.</summary>
    public required string SpecHash { get; init; }

    /// <summary>Root of the data manifest.</summary>
    public required string DataRoot { get; init; }

    /// <summary>Rows that trained.</summary>
    public required long TrainRows { get; init; }

    /// <summary>Rows that chose the weights.</summary>
    public required long ValidationRows { get; init; }

    /// <summary>Rows that only the test saw.</summary>
    public required long TestRows { get; init; }

    /// <summary>The flow on the test rows, nats per row; null without test rows.</summary>
    public double? TestNll { get; init; }

    /// <summary>The Gaussian on the test rows; null without test rows.</summary>
    public double? TestGaussianNll { get; init; }

    /// <summary>Largest |generate(normalize(x)) − x| over validation rows, in deviations of each column.</summary>
    public required double RoundTripError { get; init; }

    /// <summary>How far float32 log-densities are from float64, over validation rows; null where libtorch could not be asked.</summary>
    public LogDensityError? LogDensityError { get; init; }

    /// <summary>The round whose weights were published.</summary>
    public required long BestStep { get; init; }

    /// <summary>The Gaussian of the training rows: mean <c>[C + D]</c>, the context first.</summary>
    public required ImmutableArray<double> GaussianMean { get; init; }

    /// <summary>Its covariance <c>[C + D, C + D]</c>, row-major.</summary>
    public required ImmutableArray<double> GaussianCovariance { get; init; }

    /// <summary>0.1% and 99.9% quantiles of every modelled column.</summary>
    public required ImmutableArray<ColumnRange> Ranges { get; init; }

    /// <summary>What the columns look like, the modelled ones first; empty where an earlier version wrote the record.</summary>
    public ImmutableArray<ColumnPortrait> Columns { get; init; } = [];

    /// <summary>Rounds of the whole run, of which patience may have left some out; null where an earlier version wrote the record.</summary>
    public long? PlannedRounds { get; init; }

    /// <summary>The sum of the hashes of the training rows' numbers, to which every complete epoch comes.</summary>
    public ulong TrainRowsHash { get; init; }

    /// <summary>A line a round: its rows, loss and weights; null where an earlier version wrote the record.</summary>
    public RecordFile? Rounds { get; init; }

    /// <summary>A line an epoch, which proves that every training row counted once; null where an earlier version wrote the record.</summary>
    public RecordFile? Epochs { get; init; }

    /// <summary>What the model gives rows that the run held out; null where it held none out, or an earlier version wrote the record.</summary>
    public RecordFile? Reference { get; init; }

    /// <summary>SHA-256 of flow.json, names and all; null where an earlier version wrote the record.</summary>
    public string? FlowSha256 { get; init; }

    /// <summary>SHA-256 of golden.json; null of a model without, or where an earlier version wrote the record.</summary>
    public string? GoldenSha256 { get; init; }

    /// <summary>What the rounds were computed in, oldest first; several where the run went on in another class, and empty where an earlier version wrote the record.</summary>
    public ImmutableArray<ClassSpan> DeviceClasses { get; init; } = [];

    /// <summary>Workers that computed wrong bits, and that the run went on without; empty where an earlier version wrote the record.</summary>
    public ImmutableArray<Quarantine> Quarantined { get; init; } = [];

    /// <summary>What a complete epoch comes to.</summary>
    [JsonIgnore]
    internal PassLedger Whole => new(TrainRows, TrainRowsHash);

    /// <summary>Losses, thinned to at most 2,048 points, whose steps are rounds.</summary>
    public required ImmutableArray<LossPoint> Losses { get; init; }

    /// <summary>The losses over steps.</summary>
    [JsonIgnore]
    internal ImmutableArray<LossPoint> LossesBySteps => RunSchedule.StepsOf(Plan, Losses);

    /// <summary>The step whose weights were published.</summary>
    [JsonIgnore]
    internal long StepOfBest => RunSchedule.StepsOf(Plan, BestStep);
}

/// <summary>The file that a model was imported from.</summary>
/// <param name="Library">The Python library whose state dict it is.</param>
/// <param name="File">Its name.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
internal sealed record ImportOrigin(string Library, string File, string Sha256);
