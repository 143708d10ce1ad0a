using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client;

/// <summary>Answers of a cluster, as tests need them.</summary>
internal static class Examples
{
    internal static RunProgress Training { get; } = new(
        "zipcodes", 1, RunPhase.Training, Sequence: 7, Step: 400, Steps: 1000, Epoch: 3.2, TrainNats: 6.91, ValidationNats: 6.95,
        BestValidationNats: 6.94, LearningRate: 1e-3, RowsPerSecond: 182_340, Seconds: 8, ResumedAtStep: 0, Workers: 2, Failure: null);

    internal static RunProgress Finished { get; } = Training with { Phase = RunPhase.Finished, Step = 1000, Sequence = 20 };

    internal static RunResult Result { get; } = new(
        "zipcodes", "zipcodes", 1, Rows: 42_049, Dimension: 2, Parameters: 9876, Steps: 1000, Epochs: 12.5, TrainNll: 6.8, ValidationNll: 6.9,
        GaussianNll: 7.8, RowsPerSecond: 180_000, Seconds: 99, WeightsSha256: "abc123", DeviceClass: "cpu avx2", Path: "/home/models/zipcodes/1");

    internal static ModelDescription Model { get; } = new(
        "zipcodes", 1, "nsf", ["longitude", "latitude"], [], 9876, 6.8, 6.9, 7.8, 1e-6, "abc123", "/home/models/zipcodes/1", [new(-3, 3), new(-3, 3)], []);

    internal static ModelDescription Conditional { get; } = Model with { Name = "prices", Columns = ["price"], Context = ["carat"], Ranges = [new(-3, 3)], ContextRanges = [new(-0.4, 2)] };

    internal static ModelDescription Wide { get; } = Model with
    {
        Name = "wide", Columns = ["a", "b", "c", "d"], Ranges = [new(-3, 3), new(-3, 3), new(-3, 3), new(-3, 3)],
    };

    internal static ImmutableArray<LossPoint> History { get; } =
        [.. Enumerable.Range(1, 1000).Select(step => new LossPoint(step, 6.9 + (3 * Math.Exp(-step / 60.0)) + (0.02 * Math.Sin(step)), step % 50 == 0 ? 6.95 + Math.Exp(-step / 60.0) : null))];

    internal static ScoringResult Scores { get; } = new(
        42_049, -6.9, NonFinite: 1, RowsPerSecond: 500_000, Seconds: 0.1, [new(3, -18.2, [-66.9, 18.1]), new(0, -17.5, [-72.6, 40.9])]);

    internal static ScoringResult WideScores { get; } = Scores with { LeastLikely = [new(3, -18.2, [-66.9, 18.1, 1.5, 2.5])] };

    internal static DetectionResult Detection { get; } = new(
        42_049, Flagged: 403, Threshold: 12.345, ReferenceRate: 0.01, ReferenceRows: 4205, Unscored: 0, RowsPerSecond: 500_000, Seconds: 0.1,
        [new(3, 18.2, -18.2, 1.0 / 4206, [-66.9, 18.1]) { Columns = [new("latitude", -14.5, 0.004, 12.25, 40.1, 42.5), new("longitude", double.NegativeInfinity, double.PositiveInfinity, double.PositiveInfinity, double.NaN, double.NaN)] }, new(0, 17.5, -17.5, 2.0 / 4206, [-72.6, 40.9])]);

    internal static DataInspection Inspection { get; } = new(
        400, [new("a", "number", 0.5, 9.5, 2, 390), new("city", "text", null, null, 0, 12)], ["column 'city' is text; leave it out with --columns"]);

    internal static RunListing Listing { get; } = new("zipcodes", 1, RunPhase.Finished, "nsf", 1000, 1000, 6.9, DateTimeOffset.UnixEpoch);

    internal static ImmutableArray<PresetDescription> Presets { get; } =
    [
        Preset("nsf", "Rational-quadratic couplings: the best first try."),
        Preset("realnvp", "Affine couplings: small and fast."),
    ];

    private static PresetDescription Preset(string name, string sentence) =>
        new(name, sentence, "a paper", "both directions fast and exact", "own kernels", ImmutableSortedDictionary<string, string>.Empty.Add("bins", "8"), ImmutableSortedDictionary<string, string>.Empty.Add("bins", "pieces of every spline"));
}
