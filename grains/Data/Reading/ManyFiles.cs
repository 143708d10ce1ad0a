using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Several files with the same columns as one table: the rows of the first, then those of the second, and so on.</summary>
internal sealed class ManyFiles : TableReader
{
    private readonly ImmutableArray<string> _files;
    private readonly string? _where;
    private readonly FilesPosition _position;
    private ImmutableArray<long> _done = []; // rows of the files before; replaced whole, since Where is asked by another thread than reads
    private TableReader _current;
    private ImmutableArray<ColumnProfile> _profiles = [];
    private int _next = 1;

    private ManyFiles(string path, ImmutableArray<string> files, string? where, TableReader first, FilesPosition position) : base(path, position)
    {
        (_files, _where, _current, _position) = (files, where, first, position);
        (Columns, HasNames) = (first.Columns, first.HasNames);
    }

    /// <summary>Opens the first of them.</summary>
    internal static ManyFiles Open(string path, ImmutableArray<string> files, string? where)
    {
        var first = TableFormat.Open(files[0], where);
        return new ManyFiles(path, files, where, first, new FilesPosition(files, first));
    }

    /// <inheritdoc/>
    public override void TakeText(ImmutableArray<ColumnProfile> profiles)
    {
        _profiles = profiles;
        _current.TakeText(profiles);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> TextFaults(ImmutableArray<ColumnProfile> profiles)
    {
        using var first = TableFormat.Open(_files[0], _where);
        return [.. first.TextFaults(profiles)];
    }

    /// <inheritdoc/>
    public override CellType TypeOf(int column) => _current.TypeOf(column);

    public override string Where(long row)
    {
        var before = 0L;
        var (done, file) = (_done, 0);
        for (; file < done.Length && row > before + done[file]; file++) before += done[file];
        using var reader = TableFormat.Open(_files[file], _where);
        return $"{reader.Where(row - before)} of '{Path.GetFileName(_files[file])}'";
    }

    public override void Dispose()
    {
        _current.Dispose();
        base.Dispose();
    }

    private protected override int ReadRows(Span<double> rows, int count)
    {
        if (_current.Selected.IsEmpty) Choose(_current);
        while (true)
        {
            _current.Cells = Cells;
            var read = _current.Read(rows[..(count * Width)], CancellationToken.None);
            if (read > 0 || _next == _files.Length) return read;
            Next();
        }
    }

    private void Next()
    {
        _done = _done.Add(_current.RowsRead);
        _current.Dispose();
        _current = TableFormat.Open(_files[_next++], _where);
        _position.Current = _current;
        if (!_current.Columns.SequenceEqual(Columns))
            throw new BadInputException($"'{_current.FileName}' has the columns {NameList.Of(_current.Columns)}, and '{Path.GetFileName(_files[0])}', which is of the same data set, has {NameList.Of(Columns)}; give them the same, or name fewer files.");
        if (!_profiles.IsEmpty) _current.TakeText(_profiles);
        Choose(_current);
    }

    private void Choose(TableReader reader)
    {
        if (IsForModel) reader.SelectForModel(Selected);
        else reader.Select(Selected, SelectedByName);
        reader.Carry(Carried);
    }

    /// <summary>How far all of them are read, by their bytes.</summary>
    private sealed class FilesPosition(ImmutableArray<string> files, TableReader first) : IReadPosition
    {
        private readonly long _all = files.Sum(file => new FileInfo(file).Length);
        private long _before;

        internal TableReader Current
        {
            get;
            set
            {
                _before += new FileInfo(field.FilePath).Length;
                field = value;
            }
        } = first;

        public long BytesRead => _before + Current.BytesRead;

        public double Fraction => _all == 0 ? 1 : Math.Min(1, (_before + Current.Fraction * new FileInfo(Current.FilePath).Length) / _all);

        public Exception? Damage() => null;

        public void Dispose()
        {
        }
    }
}
