namespace FlowGrain.Silo.Inference;

/// <summary>How the numbers of an input are nested in its JSON: not at all, or as its shape says. Rows of unlike lengths are no tensor, however many numbers they have together.</summary>
internal sealed class Nesting
{
    private const long Unknown = -1;

    private readonly List<long> _sizes = []; // of the arrays at each depth, the outermost first
    private readonly List<long> _open = []; // items so far of those that have not ended
    private int _numbers; // the depth that they are at; 0 before the first
    private bool _isRagged;

    /// <summary>Whether nothing has come yet.</summary>
    internal bool IsEmpty => _sizes.Count == 0;

    /// <summary>An array begins.</summary>
    internal void Open()
    {
        if (_open.Count > 0) _open[^1]++;
        _open.Add(0);
        if (_sizes.Count < _open.Count) _sizes.Add(Unknown);
    }

    /// <summary>The array that began last ends.</summary>
    internal void Close()
    {
        var (depth, size) = (_open.Count - 1, _open[^1]);
        _open.RemoveAt(depth);
        if (_sizes[depth] == Unknown) _sizes[depth] = size;
        _isRagged |= _sizes[depth] != size;
    }

    /// <summary>A number comes.</summary>
    internal void Number()
    {
        _open[^1]++;
        if (_numbers == 0) _numbers = _open.Count;
        _isRagged |= _numbers != _open.Count;
    }

    /// <summary>Compares it with the shape of a tensor.</summary>
    /// <exception cref="BadInputException">It is nested otherwise.</exception>
    internal void Require(string name, List<long> shape)
    {
        if (_isRagged || (_numbers > 0 && _numbers != _sizes.Count)) throw new BadInputException($"The data of '{Excerpt.Of(name)}' has rows of unlike lengths; send rows of one length, or all numbers in one row.");
        if (_sizes.Count > 1 && !_sizes.SequenceEqual(shape)) throw new BadInputException($"The data of '{Excerpt.Of(name)}' is nested as {Excerpt.Of(_sizes)}, and its shape is {Excerpt.Of(shape)}; correct one of the two, or send all numbers in one row.");
    }
}
