using System.Collections.Concurrent;

namespace FlowGrain;

/// <summary>Every label of instruments. Names are public contract; values are in lower camel case, and bounded in number.</summary>
internal static class Label
{
    internal const string Run = "flowgrain.run";
    internal const string Model = "flowgrain.model";
    internal const string Version = "flowgrain.version";
    internal const string State = "state";
    internal const string Kind = "kind";

    /// <summary>What stands for all names beyond the most that are told apart.</summary>
    internal const string Other = "other";

    private const int MostModels = 256; // each has a series of every bucket; a stream has 2,000 in the SDK

    private static readonly ConcurrentDictionary<string, KeyValuePair<string, object?>> Models = [];

    /// <summary>Which model; those beyond the first 256 that this process has served are one.</summary>
    internal static KeyValuePair<string, object?> OfModel(string name) =>
        Models.TryGetValue(name, out var known) ? known : Models.Count < MostModels ? Models.GetOrAdd(name, model => new(Model, model)) : new(Model, Other);

    /// <summary>What became of a submit or of a request.</summary>
    internal static KeyValuePair<string, object?> Outcome(Enum outcome) => new("outcome", Word(outcome));

    /// <summary>As what a run came to rest.</summary>
    internal static KeyValuePair<string, object?> Phase(Enum phase) => new("phase", Word(phase));

    /// <summary>What was lost.</summary>
    internal static KeyValuePair<string, object?> Cause(string cause) => new("cause", cause);

    /// <summary>A value as labels and tags have it.</summary>
    internal static string Word(Enum value) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
