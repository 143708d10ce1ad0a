using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;

namespace FlowGrain.Data;

/// <summary>The batches of an Arrow IPC file or stream, to the last one: what the library takes for an end must be one.</summary>
/// <remarks>
/// A stream ends with its marker, which the format lets a writer leave out: without it nobody could tell a whole stream
/// from one that was cut between two batches. A file has as many batches as its footer lists, one behind the other.
/// </remarks>
internal sealed class ArrowBatches
{
    private readonly IArrowReader _reader;
    private readonly ReadToItsEnd? _stream; // null: a file
    private readonly Stream _content;
    private readonly string _name;
    private readonly int _listed;
    private long _end; // of the batch before
    private int _given;

    private ArrowBatches(Stream content, string name)
    {
        (_content, _name) = (content, name);
        var codecs = new CompressionCodecFactory();
        if (IsFile(content))
        {
            var file = new ArrowFileReader(content, allocator: null, codecs, leaveOpen: true);
            (_reader, Schema, _listed) = (file, file.Schema, Now(file.RecordBatchCountAsync()));
        }
        else
        {
            _stream = new ReadToItsEnd(content);
            var stream = new ArrowStreamReader(_stream, allocator: null, codecs, leaveOpen: true);
            (_reader, Schema) = (stream, stream.Schema ?? throw new EndOfStreamException());
        }
    }

    /// <summary>Its columns.</summary>
    internal Schema Schema { get; }

    /// <summary>Opens a file; a stream is known by its first bytes.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    internal static ArrowBatches Open(Stream content, string name)
    {
        try
        {
            return new ArrowBatches(content, name);
        }
        catch (Exception error) when (IsConfusion(error))
        {
            throw Confused(error);
        }
    }

    /// <summary>Whether the library stumbled: it trusts what a file says of itself, so that lengths and places which cannot be are faults of many kinds.</summary>
    internal static bool IsConfusion(Exception error) => error is not (IOException or UnauthorizedAccessException or OperationCanceledException or BadInputException);

    /// <summary>What it means when it did.</summary>
    internal static InvalidDataException Confused(Exception error) => new("it is no well-formed Arrow file", error);

    /// <summary>The next batch; null behind the last.</summary>
    /// <exception cref="BadInputException">The stream was cut, or the file contradicts itself.</exception>
    internal RecordBatch? Next()
    {
        var batch = Now(_reader.ReadNextRecordBatchAsync());
        if (batch is null) RequireEnd();
        else RequireSense(batch);
        return batch;
    }

    private void RequireEnd()
    {
        if (_stream is null && _given < _listed) throw Damaged($"its footer lists {_listed} batches, and {_given} are there");
        if (_stream is { IsCut: true }) throw new BadInputException($"'{_name}' is an Arrow stream without its end-of-stream marker: it was cut short, or its writer was not closed; copy it again, or close the writer.");
        if (_stream is not null && _content.ReadByte() >= 0) throw new BadInputException($"'{_name}' goes on behind the end of its Arrow stream: it is damaged, or several were joined; copy it again, or keep each stream in a file of its own.");
    }

    private void RequireSense(RecordBatch batch)
    {
        if (_content.Position <= _end) throw Damaged("its footer lists a batch twice");
        (_end, _given) = (_content.Position, _given + 1);
        foreach (var column in batch.Arrays) RequireSense(column, batch.Length);
    }

    private void RequireSense(IArrowArray column, int rows)
    {
        if (column.Length != rows) throw Damaged("the columns of a batch have different lengths");
        if (column is NullArray or UnionArray) return; // no bits say which of their values are missing
        var bits = column.Data.Buffers is [var first, ..] ? first : ArrowBuffer.Empty;
        var missing = bits.IsEmpty ? 0 : rows - BitUtility.CountBits(bits.Span, 0, rows);
        if (column.NullCount != missing) throw Damaged($"a column counts {column.NullCount} missing values and has {missing}");
    }

    private BadInputException Damaged(string what) => new($"'{_name}' is damaged ({what}); copy it again.");

    private static bool IsFile(Stream content)
    {
        Span<byte> magic = stackalloc byte[6];
        var read = content.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        content.Position = 0;
        return read == magic.Length && magic.SequenceEqual("ARROW1"u8);
    }

    private static T Now<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult(); // on a thread of its own

    /// <summary>A stream that notices when somebody reads beyond its end.</summary>
    private sealed class ReadToItsEnd(Stream content) : ReadOnlyStream(content)
    {
        internal bool IsCut { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = Content.Read(buffer);
            IsCut |= read == 0 && buffer.Length > 0;
            return read;
        }
    }
}
