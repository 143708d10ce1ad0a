using System.Security.Cryptography;
using System.Text;
using FlowGrain.Silo.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Security;

public sealed class SessionsTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public void A_session_counts_for_an_hour_on_every_silo_with_the_same_keys_and_ends_with_its_key()
    {
        using var here = Keys(("ada", "secret"), ("bob", "other"));
        using var there = Keys(("ada", "secret"));
        using var renewed = Keys(("ada", "another"));
        var session = new Sessions(here, _clock).Begin(here.Find("secret")!)!;
        Assert.Equal("ada", new Sessions(there, _clock).Find(session)?.Name);
        Assert.Null(new Sessions(renewed, _clock).Find(session));
        _clock.Advance(Sessions.Length - TimeSpan.FromSeconds(1));
        Assert.Equal("ada", new Sessions(here, _clock).Find(session)?.Name);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(new Sessions(here, _clock).Find(session));
    }

    [Fact]
    public void A_name_may_have_any_characters()
    {
        using var keys = Keys(("a.b; Ä=", "secret"));
        var sessions = new Sessions(keys, _clock);
        var session = sessions.Begin(keys.Find("secret")!)!;
        Assert.DoesNotContain(session, character => character is ';' or '=' or ' ' or ',');
        Assert.Equal("a.b; Ä=", sessions.Find(session)?.Name);
    }

    private KeyRing Keys(params (string Name, string Key)[] keys)
    {
        var auth = new AuthOptions { Keys = [.. keys.Select(key => new ApiKey { Name = key.Name, Sha256 = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key.Key))) })] };
        return new(Options.Create(auth), new OptionsFactory<AuthOptions>([], []), new ConfigurationBuilder().Build(), _clock, NullLogger<KeyRing>.Instance);
    }
}
