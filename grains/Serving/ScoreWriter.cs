using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FlowGrain.Storage;

namespace FlowGrain.Serving;

/// <summary>Writes scores under a temporary name and gives the file its own when it is whole and on disk.</summary>
internal abstract class ScoreWriter : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private bool _completed;

    private protected ScoreWriter(string path)
    {
        _path = Path.GetFullPath(path);
        _temporary = Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetFileName(_path)}.{Guid.NewGuid():N}.tmp");
        Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    private protected FileStream Stream { get; }

    /// <summary>The writer for a path's extension.</summary>
    /// <param name="path">A .csv or .npy file.</param>
    /// <param name="latent">How many latent columns follow the score; 0 for none.</param>
    /// <exception cref="BadInputException">Another extension, or a folder that is not there or not writable.</exception>
    internal static ScoreWriter Open(string path, int latent)
    {
        if (Directory.Exists(path)) throw new BadInputException($"'{path}' is a folder; name a .csv or .npy file.");
        try
        {
            return Path.GetExtension(path) switch
            {
                ".csv" => new CsvScores(path, latent),
                ".npy" => new NpyScores(path, latent),
                var other => throw new BadInputException($"Scores cannot be written as '{other}' ('{Path.GetFileName(path)}'); name a .csv or .npy file."),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && !DiskSpace.IsFull(error))
        {
            throw new BadInputException($"'{path}' cannot be written: {Reason(path, error)}.");
        }
    }

    /// <summary>Appends rows from number <paramref name="first"/> on; <paramref name="latent"/> is row-major.</summary>
    internal abstract void Write(long first, ReadOnlySpan<float> scores, ReadOnlySpan<float> latent);

    /// <summary>Gives the file its name.</summary>
    internal void Complete()
    {
        Finish();
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        Durable.MoveFile(_temporary, _path);
        _completed = true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            Stream.Dispose(); // on a full disk this throws: what it has in its buffer has no place
        }
        finally
        {
            if (!_completed) File.Delete(_temporary);
        }
    }

    /// <summary>Writes what can only be known at the end.</summary>
    private protected abstract void Finish();

    private static string Reason(string path, Exception error) => error switch
    {
        DirectoryNotFoundException => $"the folder '{Path.GetDirectoryName(Path.GetFullPath(path))}' is not there; make it, or name a file elsewhere",
        UnauthorizedAccessException => "this user may not write there; change the permissions, or name a file elsewhere",
        _ => $"{error.Message.TrimEnd('.')}; mend that, or name a file elsewhere",
    };
}

/// <summary>Scores as csv: <c>row,log_prob,z0,…</c>; numbers in the shortest form that reads back to the same bits.</summary>
internal sealed class CsvScores : ScoreWriter
{
    private readonly int _latent;
    private readonly StringBuilder _text = new();

    internal CsvScores(string path, int latent)
        : base(path)
    {
        _latent = latent;
        _text.Append("row,log_prob");
        for (var column = 0; column < latent; column++) _text.Append(CultureInfo.InvariantCulture, $",z{column}");
        _text.Append('\n');
    }

    internal override void Write(long first, ReadOnlySpan<float> scores, ReadOnlySpan<float> latent)
    {
        for (var row = 0; row < scores.Length; row++)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{first + row},{scores[row]}");
            foreach (var z in latent.Slice(row * _latent, _latent)) _text.Append(CultureInfo.InvariantCulture, $",{z}");
            _text.Append('\n');
        }

        Finish();
    }

    private protected override void Finish()
    {
        Stream.Write(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }
}

/// <summary>Scores as a float64 array <c>[rows, 2 + D]</c>: row, log_prob, z0, ….</summary>
internal sealed class NpyScores : ScoreWriter
{
    private const int HeaderBytes = 128; // room for any number of rows; the header is written last

    private readonly int _width;
    private long _rows;

    internal NpyScores(string path, int latent)
        : base(path)
    {
        _width = 2 + latent;
        Stream.Write(new byte[HeaderBytes]);
    }

    internal override void Write(long first, ReadOnlySpan<float> scores, ReadOnlySpan<float> latent)
    {
        var values = new double[scores.Length * _width];
        for (var row = 0; row < scores.Length; row++)
        {
            var line = values.AsSpan(row * _width, _width);
            (line[0], line[1]) = (first + row, scores[row]);
            for (var column = 2; column < _width; column++) line[column] = latent[row * (_width - 2) + column - 2];
        }

        Stream.Write(MemoryMarshal.AsBytes<double>(values));
        _rows += scores.Length;
    }

    private protected override void Finish()
    {
        var text = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({_rows}, {_width}), }}".PadRight(HeaderBytes - 11) + "\n";
        Stream.Position = 0;
        Stream.Write([0x93, .. "NUMPY"u8, 1, 0, HeaderBytes - 10, 0]);
        Stream.Write(Encoding.ASCII.GetBytes(text));
    }
}
