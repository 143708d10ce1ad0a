using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Api.Sampling;

/// <summary>A JSON object a line, by the names of the columns: levels of categories by name, dates as text, whole numbers as such, null for what JSON has no number for.</summary>
internal sealed class JsonRows(ModelDescription model) : RowFormat
{
    internal const string Media = "application/x-ndjson";

    private static readonly JavaScriptEncoder Plain = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // nothing of it is put into a page

    private readonly ArrayBufferWriter<byte> _text = new(); // one for all chunks: what a chunk needs is much the same
    private readonly Column[] _columns = [.. model.Columns.Select(name => new Column(JsonEncodedText.Encode(name, Plain), model.Whole.Contains(name), model.Dates.Contains(name), Levels(model, name)))];

    internal override string MediaType => Media;

    internal override long? Length(long rows) => null;

    internal override void Write(ReadOnlySpan<double> rows, IBufferWriter<byte> target)
    {
        _text.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_text, new JsonWriterOptions { SkipValidation = true, Encoder = Plain });
        for (; !rows.IsEmpty; rows = rows[_columns.Length..])
        {
            WriteRow(json, rows);
            json.Flush();
            json.Reset(); // or a comma would stand before the next
            _text.Write("\n"u8);
        }

        target.Write(_text.WrittenSpan);
    }

    private void WriteRow(Utf8JsonWriter json, ReadOnlySpan<double> row)
    {
        json.WriteStartObject();
        for (var i = 0; i < _columns.Length; i++)
        {
            json.WritePropertyName(_columns[i].Name);
            WriteValue(json, _columns[i], row[i]);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, Column column, double value)
    {
        const double Exact = 1L << 53; // beyond it a float64 is no count of anything

        if (!double.IsFinite(value)) json.WriteNullValue();
        else if (column.Levels is { } levels) json.WriteStringValue(levels[(int)value]);
        else if (column.IsDate) json.WriteStringValue(DateText.Of(value, column.IsWhole)); // null where there is none
        else if (column.IsWhole && Math.Abs(value) <= Exact) json.WriteNumberValue((long)value); // a float64 would have an exponent from 1e15 on
        else json.WriteNumberValue(value);
    }

    private static JsonEncodedText[]? Levels(ModelDescription model, string name) =>
        model.Levels.TryGetValue(name, out var levels) ? [.. levels.Select(level => JsonEncodedText.Encode(level, Plain))] : null;

    private sealed record Column(JsonEncodedText Name, bool IsWhole, bool IsDate, JsonEncodedText[]? Levels);
}
