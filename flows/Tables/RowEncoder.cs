using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Tables;

/// <summary>Turns rows of a table into rows that a flow takes, and back.</summary>
/// <remarks>A row of the table is its numbers, a category the index of its level: <c>[W]</c>, the modelled columns first. The flow's row is <c>[D + C]</c>.</remarks>
public sealed class RowEncoder
{
    private readonly ColumnSpec[] _columns;
    private readonly int[] _places; // where the numbers of a column begin in the flow's row
    private readonly int[] _counts;
    private readonly int[] _flags; // where a row of the flow says that a column has a value; 0 where it always has one
    private readonly bool _isNumbers; // then a row of the table is the flow's

    /// <summary>An encoder of a table.</summary>
    public RowEncoder(TableSpec table)
    {
        (Table, _isNumbers) = (table, table.IsNumbers);
        _columns = [.. table.Columns, .. table.Context];
        _counts = [.. _columns.Select(column => column.Numbers.Count())];
        _places = new int[_columns.Length];
        var (continuous, given) = (0, table.FlowColumns.Length);
        for (var i = 0; i < _columns.Length; i++)
        {
            ref var next = ref i < table.Columns.Length && _columns[i].IsContinuous ? ref continuous : ref given;
            (_places[i], next) = (next, next + _counts[i]);
        }

        _flags = [.. table.Columns.Select(column => column.Fill is null ? 0 : given++)];
        (FlowDimension, FlowWidth) = (table.FlowColumns.Length, given);
    }

    /// <summary>The table.</summary>
    public TableSpec Table { get; }

    /// <summary>Numbers in a row of the table, W.</summary>
    public int Width => _columns.Length;

    /// <summary>Numbers that the flow models, D.</summary>
    public int FlowDimension { get; }

    /// <summary>Numbers in a row of the flow, D + C.</summary>
    public int FlowWidth { get; }

    /// <summary>Rows <c>[B, W]</c> of the table: what is modelled <c>[B, columns]</c>, and beside it the context of each, or one that all have.</summary>
    public double[] Join(ReadOnlySpan<double> modelled, ReadOnlySpan<double> context)
    {
        var (columns, given) = (Table.Columns.Length, Table.Context.Length);
        var rows = new double[modelled.Length / columns * Width];
        for (var row = 0; row * columns < modelled.Length; row++)
        {
            modelled.Slice(row * columns, columns).CopyTo(rows.AsSpan(row * Width));
            (context.Length == given ? context : context.Slice(row * given, given)).CopyTo(rows.AsSpan(row * Width + columns));
        }

        return rows;
    }

    /// <summary>Encodes rows <c>[B, W]</c> into <c>[B, D + C]</c>; where a column spreads its values, equal rows are spread equally.</summary>
    public void Encode(ReadOnlySpan<double> table, Span<double> rows)
    {
        if (_isNumbers) table.CopyTo(rows);
        else for (var row = 0; row < table.Length / Width; row++) Encode(table, rows, row, Spread.Of(_columns, table.Slice(row * Width, Width)));
    }

    /// <summary>Encodes rows whose values are spread by draws of their own: row i of these by the draws of index <paramref name="first"/> + i.</summary>
    public void Encode(ReadOnlySpan<double> table, Span<double> rows, CounterRandom draws, long first)
    {
        if (_isNumbers) table.CopyTo(rows);
        else for (var row = 0; row < table.Length / Width; row++) Encode(table, rows, row, new Spread(draws.Bits(first + row)));
    }

    /// <summary>Encodes the context <c>[B, W]</c> of rows of the table, given alone, into <c>[B, C]</c>; what is modelled but no category is not looked at.</summary>
    public double[] EncodeContext(ReadOnlySpan<double> table)
    {
        if (FlowWidth == FlowDimension) return [];
        var count = table.Length / Width;
        var (rows, given) = (new double[count * FlowWidth], FlowWidth - FlowDimension);
        Encode(table, rows);
        var context = new double[count * given];
        foreach (var flag in _flags)
            for (var row = 0; row < count && flag > 0; row++) rows[row * FlowWidth + flag] = 1; // what is drawn has all of its values
        for (var row = 0; row < count; row++) rows.AsSpan(row * FlowWidth + FlowDimension, given).CopyTo(context.AsSpan(row * given));
        return context;
    }

    /// <summary>Writes what the flow drew, <c>[B, D]</c>, into the modelled columns of rows <c>[B, columns]</c> that are no categories.</summary>
    public void Decode(ReadOnlySpan<double> drawn, Span<double> table)
    {
        if (_isNumbers)
        {
            drawn.CopyTo(table);
            return;
        }

        var width = Table.Columns.Length;
        for (var row = 0; row < table.Length / width; row++)
        {
            for (var i = 0; i < width; i++)
                if (_columns[i].IsContinuous) table[row * width + i] = _columns[i].Decode(drawn[row * FlowDimension + _places[i]]);
        }
    }

    private void Encode(ReadOnlySpan<double> table, Span<double> rows, int row, Spread spread)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var value = table[row * Width + i];
            var numbers = rows.Slice(row * FlowWidth + _places[i], _counts[i]);
            var isMissing = _columns[i].Fill is not null && double.IsNaN(value);
            if (isMissing) numbers[0] = _columns[i].Fill!.Value;
            else _columns[i].Encode(value, spread.Of(i), numbers);
            if (_columns[i].Fill is not null) rows[row * FlowWidth + _flags[i]] = isMissing ? 0 : 1;
        }
    }

    /// <summary>Sets the latents <c>[B, D]</c> of values that rows of the table lack to NaN.</summary>
    public void ClearMissing(ReadOnlySpan<double> table, Span<float> latent)
    {
        for (var i = 0; i < _flags.Length; i++)
        {
            for (var row = 0; row < table.Length / Width && _flags[i] > 0; row++)
                if (double.IsNaN(table[row * Width + i])) latent[row * FlowDimension + _places[i]] = float.NaN;
        }
    }

    /// <summary>Whether a column of the table may lack its value, which then is NaN.</summary>
    public bool MayMiss(int column) => _columns[column].Fill is not null;

    /// <summary>Whether a row <c>[D + C]</c> of the flow has all of its values.</summary>
    public bool IsWhole(ReadOnlySpan<double> row)
    {
        foreach (var flag in _flags)
            if (flag > 0 && row[flag] == 0) return false;
        return true;
    }
}
