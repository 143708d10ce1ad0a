using System.Text;

namespace FlowGrain.Data;

/// <summary>Cells of one column as a file has them, one after another, in UTF-8: what is carried through and not computed with.</summary>
public sealed class TextCells
{
    private byte[] _bytes = [];
    private int[] _ends = []; // of every cell; its complement where the cell is missing
    private int _length;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>A cell; empty where it is missing.</summary>
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(Start(row)..End(row));

    /// <summary>Whether a cell is missing.</summary>
    public bool IsMissing(int row) => _ends[row] < 0;

    /// <summary>Adds a cell.</summary>
    public void Add(ReadOnlySpan<byte> cell)
    {
        cell.CopyTo(Room(cell.Length));
        Close(cell.Length, isMissing: false);
    }

    /// <summary>Adds a cell.</summary>
    public void Add(ReadOnlySpan<char> cell) => Close(Encoding.UTF8.GetBytes(cell, Room(Encoding.UTF8.GetMaxByteCount(cell.Length))), isMissing: false);

    /// <summary>Adds a value in the shortest form that reads back to the same bits.</summary>
    public void Add<T>(T value) where T : IUtf8SpanFormattable
    {
        const int LongestNumber = 64;

        if (!value.TryFormat(Room(LongestNumber), out var written, default, System.Globalization.CultureInfo.InvariantCulture)) throw new ArgumentException($"'{value}' is too long for a number.", nameof(value));
        Close(written, isMissing: false);
    }

    /// <summary>Adds a cell that is missing.</summary>
    public void AddMissing() => Close(0, isMissing: true);

    /// <summary>Adds cells of another column.</summary>
    public void Add(TextCells others, int first, int count)
    {
        for (var row = first; row < first + count; row++)
        {
            if (others.IsMissing(row)) AddMissing();
            else Add(others[row]);
        }
    }

    /// <summary>Writes them down.</summary>
    internal void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        for (var row = 0; row < Count; row++) writer.Write(_ends[row]);
        writer.Write(_bytes.AsSpan(0, _length));
    }

    /// <summary>Reads what was written down.</summary>
    internal static TextCells Read(BinaryReader reader)
    {
        var cells = new TextCells { Count = reader.ReadInt32() };
        cells._ends = new int[cells.Count];
        for (var row = 0; row < cells.Count; row++) cells._ends[row] = reader.ReadInt32();
        cells._length = cells.Count == 0 ? 0 : cells.End(cells.Count - 1);
        cells._bytes = reader.ReadBytes(cells._length);
        return cells;
    }

    private int Start(int row) => row == 0 ? 0 : End(row - 1);

    private int End(int row) => _ends[row] < 0 ? ~_ends[row] : _ends[row];

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length) Array.Resize(ref _bytes, Math.Max(_length + length, 2 * _bytes.Length));
        return _bytes.AsSpan(_length);
    }

    private void Close(int length, bool isMissing)
    {
        if (Count == _ends.Length) Array.Resize(ref _ends, Math.Max(16, 2 * Count));
        _length += length;
        _ends[Count++] = isMissing ? ~_length : _length;
    }
}

/// <summary>What the cells of a carried column are in a format that has types.</summary>
public enum CellType
{
    /// <summary>Text, and whatever no other type holds exactly.</summary>
    Text,

    /// <summary>Whole numbers of 64 bits.</summary>
    Whole,

    /// <summary>Numbers of float32.</summary>
    Single,

    /// <summary>Numbers of float64.</summary>
    Double,
}
