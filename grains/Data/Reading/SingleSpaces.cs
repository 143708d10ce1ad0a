namespace FlowGrain.Data;

/// <summary>Text in which, outside quotes, one space stands for several and none at either end of a line: tables whose columns are aligned by spaces.</summary>
/// <param name="text">The text as the file has it.</param>
internal sealed class SingleSpaces(TextReader text) : TextReader
{
    private readonly char[] _letters = new char[1 << 12];
    private (int At, int Count) _read;
    private char? _held; // stands behind a space that was given
    private bool _spaces; // before the next letter, of its line not the first
    private bool _begun; // the line
    private bool _quoted;

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        var count = 0;
        while (count < buffer.Length && Next() is { } letter) buffer[count++] = letter;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read() => Next() is { } letter ? letter : -1;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) text.Dispose();
        base.Dispose(disposing);
    }

    private char? Next()
    {
        if (_held is { } held)
        {
            _held = null;
            return held;
        }

        while (Letter() is { } letter)
        {
            if (letter == '"') _quoted = !_quoted;
            if (letter == ' ' && !_quoted)
            {
                _spaces = _begun;
                continue;
            }

            var isEnd = letter is '\n' or '\r' && !_quoted;
            var isApart = _spaces && !isEnd;
            (_spaces, _begun) = (false, !isEnd);
            if (!isApart) return letter;
            _held = letter;
            return ' ';
        }

        return null;
    }

    private char? Letter()
    {
        if (_read.At == _read.Count) _read = (0, text.Read(_letters));
        return _read.Count == 0 ? null : _letters[_read.At++];
    }
}
