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

    /// <summary>Rows given so far.</summary>
    public long RowsRead { get; private set; }

    /// <summary>Bytes of the file read so far.</summary>
    public long BytesRead => source.BytesRead;

    /// <summary>How much of the file has been read, in [0, 1].</summary>
    public double Fraction => source.Fraction;

    /// <summary>Opens a file, whose extension decides the format, or a folder or glob of such files, which are one table.</summary>
    /// <exception cref="BadInputException">A file is missing, unreadable, of another format or damaged, or the files do not fit together.</exception>
    /// <param name="path">What to read.</param>
    /// <param name="where">A condition in SQL that rows must meet; null for every row.</param>
    public static TableReader Open(string path, string? where = null) => SourcePath.Files(path) is [var file] ? TableFormat.Open(file, where) : ManyFiles.Open(path, SourcePath.Files(path), where);

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
            var read = ReadRows(rows, rows.Length / Width);
            RowsRead += read;
            return read;
        }
        catch (Exception error) when (SourceFault.Explains(error))
        {
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

    /// <summary>Why a table that holds text cannot be trained on as a whole, from the profiles of all its columns.</summary>
    public virtual IEnumerable<string> TextFaults(ImmutableArray<ColumnProfile> profiles) => [];

    /// <summary>Where the 1-based data row is, in words: "row 3 (line 4)".</summary>
    public virtual string Where(long row) => $"row {row}";

    /// <inheritdoc/>
    public virtual void Dispose() => source.Dispose();

    /// <summary>Reads up to <paramref name="count"/> rows of the selected columns.</summary>
    private protected abstract int ReadRows(Span<double> rows, int count);

    /// <summary>The names x0, x1, … of a file that has none.</summary>
    private protected static ImmutableArray<string> Numbered(int width) =>
        [.. Enumerable.Range(0, width).Select(column => $"x{column}")];
}
