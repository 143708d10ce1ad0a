using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Cli.Quickstart;

/// <summary>What <c>quickstart</c> trains: the numbers are tuned for under 90 seconds on two cores.</summary>
internal static class QuickstartPlan
{
    internal const string Name = "zipcodes";
    internal const string Preset = "nsf";
    internal const long Steps = 1500; // fixed, so that every machine trains the same weights
    internal const int BatchRows = 512;
    internal const int Shards = 4;
    internal const double TestFraction = 0.1, ValidationFraction = 0.1;

    internal static ImmutableArray<string> Columns { get; } = ["longitude", "latitude"];

    internal static ImmutableSortedDictionary<string, string> Settings { get; } = ImmutableSortedDictionary<string, string>.Empty;

    internal static TrainingPlan For(string csv) => new()
    {
        Data = new(csv, Columns, [], MissingRows.Refuse),
        Model = Preset,
        Settings = Settings,
        Steps = Steps,
        BatchRows = BatchRows,
        Shards = Shards,
        TestFraction = TestFraction,
        ValidationFraction = ValidationFraction,
    };
}
