using FlowGrain.Serving;

namespace FlowGrain.Cli.Output;

/// <summary>What a model is a density of, in short.</summary>
internal static class ModelColumns
{
    private const int Most = 6; // of hundreds of columns the first few say enough

    internal static string Of(ModelDescription model)
    {
        var learned = Few(model.Columns);
        return model.Context.IsEmpty ? learned : $"{learned} | {Few(model.Context)}";
    }

    private static string Few(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Most)) + (names.Count > Most ? $" and {names.Count - Most} more" : "");
}
