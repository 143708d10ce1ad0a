using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Cli.Quickstart;

/// <summary>
/// What <c>quickstart</c> trains, within a minute on two cores. The numbers were chosen on the validation rows of its
/// split, by <c>bench -- tuning</c>; nothing looked at the test rows.
/// </summary>
internal static class QuickstartPlan
{
    internal const string Name = "zipcodes";
    internal const string Preset = "nsf";
    internal const long Steps = 3000; // fixed, so that every machine trains the same weights
    internal const int BatchRows = 256;
    internal const int Shards = 4;
    internal const double LearningRate = 0.005;
    internal const double TestFraction = 0.1, ValidationFraction = 0.1;

    internal static ImmutableArray<string> Columns { get; } = ["longitude", "latitude"];

    internal static ImmutableSortedDictionary<string, string> Settings { get; } = ImmutableSortedDictionary<string, string>.Empty
        .Add("transforms", "6")
        .Add("hidden", "64")
        .Add("blocks", "2")
        .Add("bins", "64") // coasts and borders are sharp
        .Add("octaves", "8") // so are the edges of cities, which a net of the bare coordinates draws too smooth
        .Add("tail_bound", "3") // the contiguous states; the bins are theirs
        .Add("noise", "0.08")
        .Add("noise_share", "0.35") // counties are learned, and in cities quarters; single rows are not
        .Add("weight_decay", "0.05");

    internal static TrainingPlan For(string csv) => new()
    {
        Data = new(csv, Columns, [], MissingRows.Refuse),
        Model = Preset,
        Settings = Settings,
        Steps = Steps,
        BatchRows = BatchRows,
        Shards = Shards,
        LearningRate = LearningRate,
        TestFraction = TestFraction,
        ValidationFraction = ValidationFraction,
    };
}
