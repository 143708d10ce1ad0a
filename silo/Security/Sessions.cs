using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace FlowGrain.Silo.Security;

/// <summary>
/// What a browser shows in the place of a key at pages that cannot send one: whose key it was, until when it counts, and an HMAC of
/// both by the hash of that key. Every silo with the same keys takes it, and none does any more once the key is taken away.
/// </summary>
internal sealed class Sessions(KeyRing keys, TimeProvider clock)
{
    /// <summary>The name of its cookie.</summary>
    internal const string Cookie = "flowgrain_session";

    /// <summary>How long one counts.</summary>
    internal static readonly TimeSpan Length = TimeSpan.FromHours(1);

    private const string Purpose = "flowgrain session"; // no HMAC for anything else is one for this

    /// <summary>A session of a key's holder; null where there is no such key any more.</summary>
    internal string? Begin(ApiKey holder)
    {
        var end = clock.GetUtcNow().Add(Length).ToUnixTimeSeconds();
        return keys.HashOf(holder.Name) is { } hash ? $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(holder.Name))}.{end}.{WebEncoders.Base64UrlEncode(Mac(hash, holder.Name, end))}" : null;
    }

    /// <summary>Whose session it is; null where it is nobody's, or over.</summary>
    internal ApiKey? Find(string session)
    {
        if (session.Split('.') is not [var name, var until, var mac] || !long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var end)) return null;
        if (clock.GetUtcNow().ToUnixTimeSeconds() >= end || Read(name) is not { } named || Read(mac) is not { } shown) return null;
        var holder = Encoding.UTF8.GetString(named);
        return keys.HashOf(holder) is { } hash && CryptographicOperations.FixedTimeEquals(Mac(hash, holder, end), shown) ? keys.HolderOf(holder) : null;
    }

    private static byte[] Mac(byte[] hash, string name, long end) => HMACSHA256.HashData(hash, Encoding.UTF8.GetBytes($"{Purpose}\n{end}\n{name}"));

    private static byte[]? Read(string text)
    {
        try
        {
            return WebEncoders.Base64UrlDecode(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
