using System.Collections.Concurrent;
using FlowGrain.Cluster;

namespace FlowGrain.Data;

/// <summary>Reads a table on a thread of its own while what it gave before is worked on.</summary>
internal sealed class ReadAhead : IDisposable
{
    private const int Pipeline = 3; // batches: one is read, one waits, one is worked on

    private readonly TableReader _reader;
    private readonly BlockingCollection<double[]> _free = [];
    private readonly BlockingCollection<Batch> _read = [];
    private readonly int _most;
    private int _made;
    private readonly CancellationTokenSource _over;
    private readonly Task<bool> _reading;

    /// <summary>Begins to read.</summary>
    /// <param name="reader">The table, its columns selected; nobody else may use it before this is disposed.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="most">How many batches there may be, the one that is worked on included.</param>
    internal ReadAhead(TableReader reader, CancellationToken cancellation, int most = Pipeline)
    {
        (_reader, _most) = (reader, most);
        _over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _reading = DedicatedThread.Once("flowgrain-reading", Read);
    }

    /// <summary>Every batch in the order of the rows; each is valid until the next.</summary>
    /// <exception cref="BadInputException">The table cannot be read further.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal IEnumerable<Batch> Batches()
    {
        foreach (var batch in _read.GetConsumingEnumerable(CancellationToken.None))
        {
            _over.Token.ThrowIfCancellationRequested();
            yield return batch;
            _free.Add(batch.Memory, CancellationToken.None);
        }

        _reading.GetAwaiter().GetResult(); // what ended it
    }

    public void Dispose()
    {
        _over.Cancel();
        Task.WaitAny([_reading], CancellationToken.None); // nobody may close the table under it
        _over.Dispose();
        _free.Dispose();
        _read.Dispose();
    }

    private bool Read()
    {
        try
        {
            while (true)
            {
                var memory = Memory();
                var first = _reader.RowsRead + 1;
                var count = _reader.Read(memory, _over.Token);
                if (count == 0) return true;
                _read.Add(new Batch(memory, count * _reader.Width, first, new(_reader.RowsRead, _reader.BytesRead, _reader.Fraction)), _over.Token);
            }
        }
        finally
        {
            _read.CompleteAdding();
        }
    }

    private double[] Memory()
    {
        if (_free.TryTake(out var free)) return free;
        if (_made == _most) return _free.Take(_over.Token);
        _made++;
        return CompleteRows.Batch(_reader);
    }

    /// <summary>Some rows.</summary>
    /// <param name="Memory">Where they lie.</param>
    /// <param name="Numbers">How many numbers there are.</param>
    /// <param name="First">Number of the first row in the table, from 1.</param>
    /// <param name="At">How far the reader was after them.</param>
    internal readonly record struct Batch(double[] Memory, int Numbers, long First, ReadingProgress At)
    {
        internal Span<double> Rows => Memory.AsSpan(0, Numbers);
    }
}
