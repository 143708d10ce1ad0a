using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>A file as a stream of rows of float64, in the file's order.</summary>
/// <remarks>
/// A missing value reads as NaN, an infinite one as infinity: what to do with them is the caller's choice.
/// Everything that is wrong with the file itself is a <see cref="BadInputException"/> that names the file.
/// Not thread-safe: one reader, one thread.
/// </remarks>
internal abstract class TableReader(string path, IReadPosition source) : IDisposable
{
    /// <summary>Most columns a file may have; a wider shape is a damaged header rather than a table.</summary>
    internal const int MaxColumns = 65_536;

    /// <summary>The path as the user gave it.</summary>
    public string FilePath { get; } = path;

    /// <summary>The file's name without its folder, as sentences use it.</summary>
    public string FileName { get; } = SourcePath.Name(path);

    /// <summary>Every column of the file, in its order.</summary>
    public ImmutableArray<string> Columns { get; private protected set; } = [];

    /// <summary>Whether the file itself names its columns; if not they are x0, x1, ….</summary>
    public bool HasNames { get; private protected set; }

    /// <summary>The columns that <see cref="Read"/> gives, as positions in <see cref="Columns"/>.</summary>
    public ImmutableArray<int> Selected { get; private set; } = [];

    /// <summary>The columns whose cells <see cref="Read"/> adds to <see cref="Cells"/>, as positions in <see cref="Columns"/>.</summary>
    public ImmutableArray<int> Carried { get; private set; } = [];

    /// <summary>Where <see cref="Read"/> adds the cells of <see cref="Carried"/>, one for each of them.</summary>
    public ImmutableArray<TextCells> Cells { get; set; } = [];

    /// <summary>Numbers in a row that <see cref="Read"/> gives.</summary>
    public int Width => Selected.Length;

    /// <summary>Whether the user named the selected columns, rather than taking them all.</summary>
    public bool SelectedByName { get; private set; }

    /// <summary>Whether a model expects the selected columns, so that no others can take their place.</summary>
    public bool IsForModel { get; private set; }

    /// <summary>Whether rows are left out that do not meet a condition.</summary>
    public virtual bool IsFiltered => false;

    /// <summary>Whether it works on several cores by itself.</summary>
    internal virtual bool IsParallel => false;

    /// <summary>Rows given so far.</summary>
    public long RowsRead { get; private set; }

    /// <summary>Number of the first row, from 1, that is of a validation file; known once the rows before it are read.</summary>
    public virtual long ValidationFrom => long.MaxValue;

    /// <summary>Bytes of the file read so far.</summary>
    public long BytesRead => source.BytesRead;

    /// <summary>How much of the file has been read, in [0, 1].</summary>
    public double Fraction => source.Fraction;

    /// <summary>Opens a file, whose extension decides the format, or a folder or glob of such files, which are one table.</summary>
    /// <exception cref="BadInputException">A file is missing, unreadable, of another format or damaged, or the files do not fit together.</exception>
    /// <param name="path">What to read.</param>
    /// <param name="where">A condition in SQL that rows must meet; null for every row.</param>
    /// <param name="validation">What to read after it, to validate with; null for nothing.</param>
    public static TableReader Open(string path, string? where = null, string? validation = null) => (SourcePath.Files(path), validation) switch
    {
        ([var file], null) => TableFormat.Open(file, where),
        (var files, null) => ManyFiles.Open(path, files, where, validation: []),
        var (files, held) => ManyFiles.Open(path, files, where, SourcePath.Files(held)),
    };

    /// <summary>Chooses the columns to read, in the order wanted. Call it before the first <see cref="Read"/>.</summary>
    public void Select(ImmutableArray<int> columns, bool byName) => (Selected, SelectedByName) = (columns, byName);

    /// <summary>Chooses the columns that a model expects.</summary>
    public void SelectForModel(ImmutableArray<int> columns)
    {
        Select(columns, byName: true);
        IsForModel = true;
    }

    /// <summary>Chooses the columns whose cells go along as they are. Call it before the first <see cref="Read"/>.</summary>
    public void Carry(ImmutableArray<int> columns) => (Carried, Cells) = (columns, CarriedColumns.Room(columns.Length));

    /// <summary>What the cells of a column are, as far as the file says.</summary>
    public virtual CellType TypeOf(int column) => CellType.Text;

    /// <summary>Reads as many whole rows as fit, row-major; 0 at the end of the file.</summary>
    public int Read(Span<double> rows, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var interrupting = cancellation.UnsafeRegister(static reader => ((TableReader)reader!).Interrupt(), this);
            var read = ReadRows(rows, rows.Length / Width);
            if (!Levels.IsEmpty && !ReadsText) CodeNumbers(rows[..(read * Width)]);
            RowsRead += read;
            return read;
        }
        catch (Exception error) when (SourceFault.Explains(error))
        {
            cancellation.ThrowIfCancellationRequested(); // which is why it failed
            throw SourceFault.Sentence(FileName, error);
        }
        catch (BadInputException) when (source.Damage() is { } damage)
        {
            throw SourceFault.Sentence(FileName, damage); // which made nonsense of the rows
        }
    }

    /// <summary>Takes columns and cells that are no numbers, which are refused otherwise: the profile of their column notes them, and they read as NaN.</summary>
    /// <param name="profiles">One for every column of the file.</param>
    public virtual void TakeText(ImmutableArray<ColumnProfile> profiles)
    {
    }

    /// <summary>Has columns read as categories: the codes of their values.</summary>
    /// <param name="levels">One for every column of the file; null for those that are read as numbers.</param>
    public virtual void TakeLevels(ImmutableArray<LevelCodes?> levels) => Levels = levels;

    /// <summary>Why a table that holds text cannot be trained on as a whole, from the profiles of all its columns.</summary>
    public virtual IEnumerable<string> TextFaults(ImmutableArray<ColumnProfile> profiles) => [];

    /// <summary>Whether a column holds dates, which read as days since 1970-01-01 UTC; null while nothing says so. A csv says it by the first value that is read of a selected column.</summary>
    public virtual bool? IsDate(int column) => false;

    /// <summary>Where the 1-based data row is, in words: "row 3 (line 4)".</summary>
    public virtual string Where(long row) => $"row {row}";

    /// <summary>The file in which the 1-based data row is, where the table is several, and its number there.</summary>
    public virtual (string? File, long Row) Place(long row) => (null, row);

    /// <inheritdoc/>
    public virtual void Dispose() => source.Dispose();

    /// <summary>The categories among the columns of the file; empty where there are none.</summary>
    internal ImmutableArray<LevelCodes?> Levels { get; private set; } = [];

    /// <summary>Whether the reader gives the codes of categories itself, since it knows their text; else they are of the numbers that it reads.</summary>
    private protected virtual bool ReadsText => false;

    /// <summary>The levels of a selected column; null where it is read as numbers.</summary>
    private protected LevelCodes? LevelsOf(int selected) => Levels.IsEmpty ? null : Levels[Selected[selected]];

    /// <summary>Ends a reading that waits for others; called from any thread.</summary>
    internal virtual void Interrupt()
    {
    }

    /// <summary>Reads up to <paramref name="count"/> rows of the selected columns.</summary>
    private protected abstract int ReadRows(Span<double> rows, int count);

    /// <summary>What to say of a selected category in which a value was no level of the model; null where none was.</summary>
    internal string? UnknownLevel(int selected) =>
        LevelsOf(selected) is { Unknown: { } unknown } levels ? $"has {NameList.Quoted(unknown)}, which the model has never seen (it knows {NameList.Of(levels.Names)})" : null;

    private void CodeNumbers(Span<double> rows)
    {
        for (var i = 0; i < Width; i++)
        {
            if (LevelsOf(i) is not { } levels) continue;
            for (var at = i; at < rows.Length; at += Width) rows[at] = levels.CodeOf(rows[at]);
        }
    }

    /// <summary>The names x0, x1, … of a file that has none.</summary>
    private protected static ImmutableArray<string> Numbered(int width) =>
        [.. Enumerable.Range(0, width).Select(column => $"x{column}")];
}
