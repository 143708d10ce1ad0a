using System.Security.Cryptography;

namespace FlowGrain.Silo.Security;

/// <summary>
/// What files say, also after their owner replaced them. They are read every second, whole, because no notice can be relied on where
/// they are mounted; what cannot be used is said once and changes nothing.
/// </summary>
internal sealed class Renewed<T> : IDisposable
    where T : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SettingFile[] _files;
    private readonly Func<byte[][], T> _parse;
    private readonly Action<string> _refused;
    private readonly ITimer _timer;
    private volatile T _current;
    private byte[] _seen; // a hash: contents may be private keys
    private string? _fault;

    /// <param name="files">The files, which belong together.</param>
    /// <param name="parse">What their contents say; throws <see cref="BadInputException"/> where they say nothing usable.</param>
    /// <param name="clock">When they are looked at.</param>
    /// <param name="refused">Is told of a change that cannot be used.</param>
    internal Renewed(SettingFile[] files, Func<byte[][], T> parse, TimeProvider clock, Action<string> refused)
    {
        (_files, _parse, _refused) = (files, parse, refused);
        (_current, _seen) = Read([]) ?? throw new InvalidOperationException("There are no files.");
        _timer = clock.CreateTimer(_ => Look(), null, Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What they said last that could be used.</summary>
    internal T Current => _current;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            if (Read(_seen) is { } read) (_current, _seen) = read;
            _fault = null;
        }
        catch (BadInputException error)
        {
            if (error.Message != _fault) _refused(error.Message);
            _fault = error.Message;
        }
        finally
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What they say now; null where that was seen.</summary>
    private (T Said, byte[] Hash)? Read(byte[] seen)
    {
        byte[][] contents = [.. _files.Select(file => file.Read())];
        byte[] hash = [.. contents.SelectMany(content => SHA256.HashData(content))];
        return hash.AsSpan().SequenceEqual(seen) ? null : (_parse(contents), hash);
    }
}
