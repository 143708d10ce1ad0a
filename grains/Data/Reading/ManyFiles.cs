using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>
/// Several files with the same columns, in any order, as one table: the rows of the first, then those of the second, and so on.
/// While one is read, those after it are read already, on a thread each.
/// </summary>
internal sealed class ManyFiles : TableReader
{
    private const int MostEarly = 7; // files, of 64 MiB at most

    private readonly ImmutableArray<string> _files;
    private readonly string? _where;
    private readonly FilesPosition _position;
    private readonly int _held; // files at the end that validate
    private readonly CancellationTokenSource _interrupted = new();
    private readonly Dictionary<int, (bool IsDate, string File)> _dates = []; // of the selected columns, from the first file that says so
    private readonly Queue<TableReader?> _early = []; // the files after the one being read; null for one that could not be opened, which is said in its turn
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
        _current.TakeText(InFile(profiles, _current, _places));
    }

    /// <inheritdoc/>
    public override void TakeLevels(ImmutableArray<LevelCodes?> levels)
    {
        base.TakeLevels(levels);
        _current.TakeLevels(InFile(levels, _current, _places));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> TextFaults(ImmutableArray<ColumnProfile> profiles)
    {
        using var first = TableFormat.Open(_files[0], _where);
        return [.. first.TextFaults(profiles)];
    }

    /// <inheritdoc/>
    public override CellType TypeOf(int column) => _current.TypeOf(_places[column]);

    /// <inheritdoc/>
    public override bool? IsDate(int column) => _current.IsDate(_places[column]) ?? (_dates.TryGetValue(column, out var before) ? before.IsDate : null);

    /// <inheritdoc/>
    public override string Where(long row)
    {
        var (file, there) = Find(row);
        using var reader = TableFormat.Open(_files[file], _where);
        return $"{reader.Where(there)} of '{Path.GetFileName(_files[file])}'";
    }

    /// <inheritdoc/>
    public override (string? File, long Row) Place(long row)
    {
        var (file, there) = Find(row);
        return (Path.GetFileName(_files[file]), there);
    }

    public override void Dispose()
    {
        _interrupted.Cancel();
        foreach (var file in _early) file?.Dispose();
        _current.Dispose();
        _interrupted.Dispose();
        base.Dispose();
    }

    internal override void Interrupt()
    {
        _interrupted.Cancel();
        _current.Interrupt();
    }

    private protected override bool ReadsText => true; // each file's own reader does

    private protected override int ReadRows(Span<double> rows, int count)
    {
        if (_current.Selected.IsEmpty) Choose(_current, _places);
        ReadEarly();
        while (true)
        {
            _current.Cells = Cells;
            var read = _current.Read(rows[..(count * Width)], CancellationToken.None);
            if (read > 0) return read;
            NoteDates();
            if (_next == _files.Length) return 0;
            Next();
        }
    }

    private (int File, long Row) Find(long row)
    {
        var (done, file) = (_done, 0);
        for (; file < done.Length && row > done[file]; file++) row -= done[file];
        return (file, row);
    }

    private void Next()
    {
        _done = _done.Add(_current.RowsRead);
        if (_next == _files.Length - _held) Interlocked.Exchange(ref _validationFrom, RowsRead + 1);
        var next = _early.TryDequeue(out var early) && early is not null ? early : TableFormat.Open(_files[_next], _where); // first: where it cannot be opened, the one before it is let go with this
        _current.Dispose();
        _current = next;
        _next++;
        _position.Current = _current;
        _places = Places(_current);
        if (!_profiles.IsEmpty) _current.TakeText(InFile(_profiles, _current, _places));
        if (!Levels.IsEmpty) _current.TakeLevels(InFile(Levels, _current, _places));
        Choose(_current, _places);
        ReadEarly();
    }

    /// <summary>Days and other numbers are told apart by how a file writes them: what is a date in one is so in all.</summary>
    private void NoteDates()
    {
        foreach (var column in Selected)
        {
            if (_current.IsDate(_places[column]) is not { } isDate || _dates.TryAdd(column, (isDate, _current.FileName))) continue;
            var (others, file) = _dates[column];
            if (others != isDate) throw new BadInputException(
                $"'{_current.FileName}' has {(isDate ? "dates" : "numbers")} in '{Columns[column]}', where '{file}' has {(isDate ? "numbers" : "dates")}; write them alike in all files, or leave the column out.");
        }
    }

    /// <summary>Opens files whose turn comes later, where nothing of a row but numbers is asked for.</summary>
    private void ReadEarly()
    {
        if (_current.IsParallel || !Carried.IsEmpty || !_profiles.IsEmpty) return;
        while (_early.Count < Math.Min(MostEarly, Environment.ProcessorCount - 1) && _next + _early.Count < _files.Length)
        {
            ImmutableArray<LevelCodes?> levels = [.. Levels.Select(codes => codes?.OfAnotherFile())];
            if (levels.Zip(Levels).Any(pair => pair is (null, not null))) return;
            _early.Enqueue(Early(_files[_next + _early.Count], levels));
        }
    }

    private EarlyReader? Early(string path, ImmutableArray<LevelCodes?> levels)
    {
        TableReader? file = null;
        try
        {
            file = TableFormat.Open(path, _where);
            var places = Places(file);
            if (!levels.IsEmpty) file.TakeLevels(InFile(levels, file, places));
            Choose(file, places);
            return new EarlyReader(file, _interrupted.Token);
        }
        catch (BadInputException)
        {
            file?.Dispose();
            return null; // and is said when the rows before it are read
        }
    }

    private ImmutableArray<int> Places(TableReader reader)
    {
        if (reader.Columns.SequenceEqual(Columns)) return [.. Enumerable.Range(0, Columns.Length)];
        if (!HasNames || !reader.HasNames) throw Lacks(reader);
        DuplicateNames.Refuse(reader);
        ImmutableArray<int> places = [.. Columns.Select(name => reader.Columns.IndexOf(name))];
        return Selected.Concat(Carried).Any(column => places[column] < 0) ? throw Lacks(reader) : places;
    }

    private BadInputException Lacks(TableReader reader) => new(
        $"'{reader.FileName}' has the columns {NameList.Of(reader.Columns)}, and '{Path.GetFileName(_files[0])}', {(_next > _files.Length - _held ? "beside which it validates" : "which is of the same data set")}, has {NameList.Of(Columns)}; give them the same{(_held == 0 ? ", or name fewer files" : "")}.");

    /// <summary>What is known of the table's columns, in the order of those of a file.</summary>
    private static ImmutableArray<T> InFile<T>(ImmutableArray<T> ofColumns, TableReader file, ImmutableArray<int> places)
    {
        var inFile = new T[file.Columns.Length];
        for (var column = 0; column < places.Length; column++)
            if (places[column] >= 0) inFile[places[column]] = ofColumns[column];
        return [.. inFile];
    }

    private void Choose(TableReader reader, ImmutableArray<int> places)
    {
        ImmutableArray<int> selected = [.. Selected.Select(column => places[column])];
        if (IsForModel) reader.SelectForModel(selected);
        else reader.Select(selected, SelectedByName);
        reader.Carry([.. Carried.Select(column => places[column])]);
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
