using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Output;

/// <summary>What a model is a density of.</summary>
internal static class ModelColumns
{
    private const int Most = 6; // of hundreds of columns the first few say enough

    /// <summary>The first few of its columns.</summary>
    internal static string Few(ModelDescription model) => Of(model, names => string.Join(", ", names.Take(Most)) + (names.Length > Most ? $" and {names.Length - Most} more" : ""));

    /// <summary>All of them.</summary>
    internal static string All(ModelDescription model) => Of(model, names => string.Join(", ", names));

    private static string Of(ModelDescription model, Func<ImmutableArray<string>, string> list) =>
        model.Context.IsEmpty ? list(model.Columns) : $"{list(model.Columns)} | {list(model.Context)}";
}
