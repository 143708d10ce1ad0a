using System.Text.Json;
using FlowGrain.Training;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace FlowGrain.Silo.Observing;

/// <summary>Fields of our log lines have the names of the tags of our spans: <c>Run</c> is <c>flowgrain.run</c>.</summary>
internal sealed class LogFields : BaseProcessor<LogRecord>
{
    private const string Ours = "FlowGrain.";

    /// <summary>The field that has the message with the names of its fields, of every line.</summary>
    internal const string Template = "{OriginalFormat}";

    /// <summary>The name of a field in lines of a category.</summary>
    internal static string NameOf(string? category, string field) =>
        field == Template || category?.StartsWith(Ours, StringComparison.Ordinal) != true ? field : $"flowgrain.{JsonNamingPolicy.SnakeCaseLower.ConvertName(field)}";

    public override void OnEnd(LogRecord data)
    {
        if (data.TraceId == default && JobTraces.Now(LogRun.Of(data.Attributes)) is { } trace) (data.TraceId, data.SpanId, data.TraceFlags) = (trace.TraceId, trace.SpanId, trace.TraceFlags);
        data.Attributes = data.Attributes?.Select(field => KeyValuePair.Create(NameOf(data.CategoryName, field.Key), field.Value)).ToList();
    }
}
