using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Several files with the same columns, in any order, as one table: the rows of the first, then those of the second, and so on.</summary>
internal sealed class ManyFiles : TableReader
{
    private readonly ImmutableArray<string> _files;
    private readonly string? _where;
    private readonly FilesPosition _position;
    private readonly int _held; // files at the end that validate
    private ImmutableArray<long> _done = []; // rows of the files before; replaced whole, since Where is asked by another thread than reads
    private TableReader _current;
    private ImmutableArray<ColumnProfile> _profiles = [];
    private ImmutableArray<int> _places; // of the table's columns in the file being read; -1 where it lacks one
    private int _next = 1;
    private long _validationFrom = long.MaxValue;

    private ManyFiles(string path, ImmutableArray<string> files, int held, string? where, TableReader first, FilesPosition position) : base(path, position)
    {
        (_files, _held, _where, _current, _position) = (files, held, where, first, position);
        (Columns, HasNames) = (first.Columns, first.HasNames);
        _places = [.. Enumerable.Range(0, Columns.Length)];
    }

    /// <summary>Opens the first of them.</summary>
    internal static ManyFiles Open(string path, ImmutableArray<string> files, string? where, ImmutableArray<string> validation)
    {
        var (first, all) = (TableFormat.Open(files[0], where), files.AddRange(validation));
        return new ManyFiles(path, all, validation.Length, where, first, new FilesPosition(all, first));
    }

    /// <inheritdoc/>
    public override long ValidationFrom => Interlocked.Read(ref _validationFrom);

    /// <inheritdoc/>
    public override void TakeText(ImmutableArray<ColumnProfile> profiles)
    {
        _profiles = profiles;
        _current.TakeText(InFile(profiles));
    }

    /// <inheritdoc/>
    public override void TakeLevels(ImmutableArray<LevelCodes?> levels)
    {
        base.TakeLevels(levels);
        _current.TakeLevels(InFile(levels));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> TextFaults(ImmutableArray<ColumnProfile> profiles)
    {
        using var first = TableFormat.Open(_files[0], _where);
        return [.. first.TextFaults(profiles)];
    }

    /// <inheritdoc/>
    public override CellType TypeOf(int column) => _current.TypeOf(_places[column]);

    public override bool IsDate(int column) => _current.IsDate(_places[column]);

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

    internal override void Interrupt() => _current.Interrupt();

    private protected override bool ReadsText => true; // each file's own reader does

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
        if (_next == _files.Length - _held) Interlocked.Exchange(ref _validationFrom, RowsRead + 1);
        _current.Dispose();
        _current = TableFormat.Open(_files[_next++], _where);
        _position.Current = _current;
        _places = Places(_current);
        if (Selected.Concat(Carried).Any(column => _places[column] < 0)) throw Lacks(_current);
        if (!_profiles.IsEmpty) _current.TakeText(InFile(_profiles));
        if (!Levels.IsEmpty) _current.TakeLevels(InFile(Levels));
        Choose(_current);
    }

    private ImmutableArray<int> Places(TableReader reader)
    {
        if (reader.Columns.SequenceEqual(Columns)) return [.. Enumerable.Range(0, Columns.Length)];
        if (!HasNames || !reader.HasNames) throw Lacks(reader);
        DuplicateNames.Refuse(reader);
        return [.. Columns.Select(name => reader.Columns.IndexOf(name))];
    }

    private BadInputException Lacks(TableReader reader) => new(
        $"'{reader.FileName}' has the columns {NameList.Of(reader.Columns)}, and '{Path.GetFileName(_files[0])}', {(_next > _files.Length - _held ? "beside which it validates" : "which is of the same data set")}, has {NameList.Of(Columns)}; give them the same{(_held == 0 ? ", or name fewer files" : "")}.");

    /// <summary>What is known of the table's columns, in the order of those of the file being read.</summary>
    private ImmutableArray<T> InFile<T>(ImmutableArray<T> ofColumns)
    {
        var inFile = new T[_current.Columns.Length];
        for (var column = 0; column < _places.Length; column++)
            if (_places[column] >= 0) inFile[_places[column]] = ofColumns[column];
        return [.. inFile];
    }

    private void Choose(TableReader reader)
    {
        ImmutableArray<int> selected = [.. Selected.Select(column => _places[column])];
        if (IsForModel) reader.SelectForModel(selected);
        else reader.Select(selected, SelectedByName);
        reader.Carry([.. Carried.Select(column => _places[column])]);
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
