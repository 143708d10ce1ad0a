using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace FlowGrain.Data;

/// <summary>Cells of Arrow arrays as text that says exactly what they are.</summary>
internal static class ArrowText
{
    /// <summary>Adds the cell of a row, which is present.</summary>
    internal static Action<int, TextCells> Of(IArrowArray array) => array switch
    {
        StringArray text => (row, cells) => cells.Add(text.GetBytes(row)),
        LargeStringArray text => (row, cells) => cells.Add(text.GetBytes(row)),
        StringViewArray text => (row, cells) => cells.Add(text.GetBytes(row)),
        DictionaryArray words => OfWords(Of(words.Dictionary), words.Dictionary, words.Indices),
        Int64Array values => (row, cells) => cells.Add(values.Values[row]),
        Int32Array values => (row, cells) => cells.Add(values.Values[row]),
        Int16Array values => (row, cells) => cells.Add(values.Values[row]),
        Int8Array values => (row, cells) => cells.Add(values.Values[row]),
        UInt64Array values => (row, cells) => cells.Add(values.Values[row]),
        UInt32Array values => (row, cells) => cells.Add(values.Values[row]),
        UInt16Array values => (row, cells) => cells.Add(values.Values[row]),
        UInt8Array values => (row, cells) => cells.Add(values.Values[row]),
        DoubleArray values => (row, cells) => cells.Add(values.Values[row]),
        FloatArray values => (row, cells) => cells.Add(values.Values[row]),
        HalfFloatArray values => (row, cells) => cells.Add((float)values.Values[row]),
        Decimal128Array values => (row, cells) => cells.Add(values.GetString(row)),
        BooleanArray values => (row, cells) => cells.Add(values.GetValue(row) == true ? "true" : "false"),
        Date32Array values => (row, cells) => cells.Add(values.GetDateOnly(row)!.Value.ToString("O", CultureInfo.InvariantCulture)),
        Date64Array values => (row, cells) => cells.Add(values.GetDateOnly(row)!.Value.ToString("O", CultureInfo.InvariantCulture)),
        TimestampArray values => Time(values),
        _ => throw new BadInputException($"A column of Arrow's type {array.Data.DataType.Name} cannot be carried through; leave it out, or write it as text."),
    };

    private static Action<int, TextCells> OfWords(Action<int, TextCells> word, IArrowArray words, IArrowArray indices) => (row, cells) =>
    {
        var index = Index(indices, row);
        if (words.IsNull(index)) cells.AddMissing();
        else word(index, cells);
    };

    private static int Index(IArrowArray indices, int row) => indices switch
    {
        Int8Array values => values.Values[row],
        Int16Array values => values.Values[row],
        Int32Array values => values.Values[row],
        Int64Array values => checked((int)values.Values[row]),
        UInt8Array values => values.Values[row],
        UInt16Array values => values.Values[row],
        UInt32Array values => checked((int)values.Values[row]),
        _ => throw new InvalidDataException($"a dictionary is indexed by {indices.Data.DataType.Name}"),
    };

    /// <summary>Date and time as DuckDB writes them, with as many digits of a second as the unit has and need be.</summary>
    private static Action<int, TextCells> Time(TimestampArray values)
    {
        var perSecond = ((TimestampType)values.Data.DataType).Unit switch
        {
            TimeUnit.Second => 1L,
            TimeUnit.Millisecond => 1_000,
            TimeUnit.Microsecond => 1_000_000,
            _ => 1_000_000_000,
        };
        return (row, cells) =>
        {
            var (seconds, rest) = Math.DivRem(values.Values[row], perSecond);
            if (rest < 0) (seconds, rest) = (seconds - 1, rest + perSecond);
            var fraction = rest == 0 ? "" : $".{(rest * (1_000_000_000 / perSecond)).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
            cells.Add($"{DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}{fraction}");
        };
    }
}
