using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowGrain.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FlowGrain.Silo.Observing;

/// <summary>Log lines as JSON, one flat object each, with the trace that they were written in and their fields by the names that spans have: <c>Logging:Console:FormatterName=json</c>.</summary>
public sealed class JsonLog(TimeProvider clock) : ConsoleFormatter(Name)
{
    /// <summary>What the setting calls it.</summary>
    public new const string Name = "json";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // it goes to files and collectors, into no page

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) => textWriter.WriteLine(Line(clock.GetUtcNow(), logEntry));

    /// <summary>A line.</summary>
    public static string Line<TState>(DateTimeOffset now, in LogEntry<TState> entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("time", now);
            json.WriteString("level", WordOf(entry.LogLevel));
            json.WriteString("category", entry.Category);
            json.WriteNumber("event", entry.EventId.Id);
            json.WriteString("message", entry.Formatter(entry.State, entry.Exception));
            if (entry.Exception is { } error) json.WriteString("error", error.ToString());
            if (JobTraces.Now(LogRun.Of(entry.State)) is { } trace) WriteTrace(json, trace);
            if (entry.State is IEnumerable<KeyValuePair<string, object?>> fields) WriteFields(json, entry.Category, fields);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A level in a word.</summary>
    public static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };

    private static void WriteTrace(Utf8JsonWriter json, ActivityContext trace)
    {
        json.WriteString("trace_id", trace.TraceId.ToHexString());
        json.WriteString("span_id", trace.SpanId.ToHexString());
    }

    private static void WriteFields(Utf8JsonWriter json, string category, IEnumerable<KeyValuePair<string, object?>> fields)
    {
        foreach (var (field, value) in fields.Where(field => field.Key != LogFields.Template))
        {
            json.WritePropertyName(LogFields.NameOf(category, field));
            Write(json, value);
        }
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int or long or uint or short or byte: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
