using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace FlowGrain.Silo.Security;

/// <summary>
/// The keys that count now: those of the settings and those of Auth:KeysFile, each followed when it changes. A change that cannot be
/// used is said in a sentence, once, and the keys stay as they were.
/// </summary>
internal sealed partial class KeyRing : IDisposable
{
    private readonly IOptionsFactory<AuthOptions> _settings;
    private readonly ILogger<KeyRing> _logger;
    private readonly Renewed<Key[]>? _file;
    private readonly IDisposable _changes;
    private volatile Key[] _keys;
    private volatile bool _isGuarded;
    private string? _fault; // of the settings, said already

    public KeyRing(IOptions<AuthOptions> auth, IOptionsFactory<AuthOptions> settings, IConfiguration configuration, TimeProvider clock, ILogger<KeyRing> logger)
    {
        (_settings, _logger, _keys, _isGuarded) = (settings, logger, Keys(auth.Value.Keys), auth.Value.IsGuarded);
        if (auth.Value.KeysFile is { } path) _file = new([KeysFile.At(path)], content => Keys(KeysFile.Parse(KeysFile.At(path), content[0], _keys.Select(key => key.Holder))), clock, NotTaken);
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Follow);
        foreach (var file in ((IConfigurationRoot)configuration).Providers.OfType<FileConfigurationProvider>())
            file.Source.OnLoadException = broken => Stay(SettingFaults.Of(broken.Exception) ?? broken.Exception.Message); // which .NET tells nobody, nor that anything changed
    }

    /// <summary>Whether a key or a token is wanted. Once it is, it stays so: who takes the last key away shuts the API and does not open it.</summary>
    internal bool IsGuarded => _isGuarded;

    /// <summary>Whose key it is; null where it is nobody's.</summary>
    internal ApiKey? Find(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return Of(_keys, hash) ?? Of(_file?.Current ?? [], hash);
    }

    /// <summary>The hash of somebody's key; null where he has none any more.</summary>
    internal byte[]? HashOf(string name) => Named(name)?.Hash;

    /// <summary>The holder of that name; null where there is none any more.</summary>
    internal ApiKey? HolderOf(string name) => Named(name)?.Holder;

    public void Dispose()
    {
        _changes.Dispose();
        _file?.Dispose();
    }

    private void Follow()
    {
        try
        {
            var auth = _settings.Create(Options.DefaultName);
            (_keys, _isGuarded, _fault) = (Keys(auth.Keys), _isGuarded || auth.IsGuarded, null);
        }
        catch (OptionsValidationException error)
        {
            Stay(string.Join(" ", error.Failures));
        }
        catch (InvalidOperationException error) // a value of another kind
        {
            Stay(SettingFaults.Of(error) ?? error.Message);
        }
    }

    /// <summary>Says what is wrong; an editor that writes a file twice is told once.</summary>
    private void Stay(string fault)
    {
        if (Interlocked.Exchange(ref _fault, fault) != fault) NotTaken(fault);
    }

    private static ApiKey? Of(Key[] keys, ReadOnlySpan<byte> hash)
    {
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash)) return key.Holder;
        }

        return null;
    }

    private Key? Named(string name) => _keys.Concat(_file?.Current ?? []).FirstOrDefault(key => key.Holder.Name == name);

    private static Key[] Keys(ApiKey[] keys) => [.. keys.Select(key => new Key(key, Convert.FromHexString(key.Sha256)))];

    [LoggerMessage(EventId = 4300, Level = LogLevel.Error, Message = "The keys of the API stay as they were: {Fault}")]
    private partial void NotTaken(string fault);

    private sealed record Key(ApiKey Holder, byte[] Hash);
}
