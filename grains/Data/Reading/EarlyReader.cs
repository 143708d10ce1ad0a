namespace FlowGrain.Data;

/// <summary>A file of several, read on a thread of its own before its turn comes.</summary>
internal sealed class EarlyReader : TableReader
{
    private const int Most = 256; // batches, 64 MiB: what is longer waits there for its turn

    private readonly TableReader _file;
    private readonly ReadAhead _ahead;
    private readonly IEnumerator<ReadAhead.Batch> _batches;
    private readonly Position _position;
    private readonly List<double>[] _codes; // of every selected category: the table's code of each code of the file
    private int _given; // numbers of the batch

    /// <summary>Begins to read.</summary>
    /// <param name="file">The file, its columns selected and its categories with codes of their own.</param>
    /// <param name="cancellation">Ends it.</param>
    internal EarlyReader(TableReader file, CancellationToken cancellation) : this(file, cancellation, new Position())
    {
    }

    private EarlyReader(TableReader file, CancellationToken cancellation, Position position) : base(file.FilePath, position)
    {
        (_file, _position, Columns, HasNames) = (file, position, file.Columns, file.HasNames);
        _codes = [.. file.Selected.Select(_ => new List<double>())];
        _ahead = new ReadAhead(file, cancellation, Most);
        _batches = _ahead.Batches().GetEnumerator();
    }

    /// <inheritdoc/>
    public override CellType TypeOf(int column) => _file.TypeOf(column);

    /// <inheritdoc/>
    public override bool? IsDate(int column) => _file.IsDate(column);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _batches.Dispose();
        _ahead.Dispose();
        _file.Dispose();
        base.Dispose();
    }

    private protected override bool ReadsText => true; // the file's own reader does

    private protected override int ReadRows(Span<double> rows, int count)
    {
        if (_given == _batches.Current.Numbers)
        {
            if (!_batches.MoveNext()) return 0;
            (_given, _position.At) = (0, _batches.Current.At);
        }

        var numbers = Math.Min(count * Width, _batches.Current.Numbers - _given);
        _batches.Current.Rows.Slice(_given, numbers).CopyTo(rows);
        _given += numbers;
        Recode(rows[..numbers]);
        return numbers / Width;
    }

    /// <summary>Gives the categories the codes that they have in the table, in the order of its rows.</summary>
    private void Recode(Span<double> rows)
    {
        for (var i = 0; i < Width; i++)
        {
            if (LevelsOf(i) is not { } table || _file.Levels[Selected[i]] is not { } own || own == table) continue;
            for (var at = i; at < rows.Length; at += Width)
                if (!double.IsNaN(rows[at])) rows[at] = Code(_codes[i], (int)rows[at], own, table);
        }
    }

    /// <summary>The file gave its codes in the order of its rows, from 0 on.</summary>
    private static double Code(List<double> known, int code, LevelCodes own, LevelCodes table)
    {
        if (code == known.Count) known.Add(table.CodeOf(own.NameOf(code)));
        return known[code];
    }

    private sealed class Position : IReadPosition
    {
        internal ReadingProgress At { get; set; } = new(0, 0, 0);

        public long BytesRead => At.Bytes;

        public double Fraction => At.Fraction;

        public Exception? Damage() => null; // the file's own reader has looked

        public void Dispose()
        {
        }
    }
}
