using FlowGrain.Silo;
using FlowGrain.Silo.Security;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>Nobody in particular gets in off loopback, unless the operator says so.</summary>
public sealed class ExposureTests
{
    [Fact]
    public void An_api_off_loopback_wants_somebody_in_particular_or_the_word_of_its_operator()
    {
        Assert.False(Starts(new(), "http://0.0.0.0:1"));
        Assert.False(Starts(new(), "https://0.0.0.0:1"));
        Assert.True(Starts(new(), "http://127.0.0.1:1"));
        Assert.True(Starts(new() { Keys = [new ApiKey()] }, "http://0.0.0.0:1"));
        Assert.True(Starts(new() { KeysFile = "keys.json" }, "http://0.0.0.0:1"));
        Assert.True(Starts(new() { Jwt = new() { Authority = "https://id.example.org" } }, "http://0.0.0.0:1"));
        Assert.True(Starts(new() { AllowAnonymous = true }, "http://0.0.0.0:1"));
        Assert.True(Starts(new(), "https://0.0.0.0:1", clientCa: "ca.pem"));
        Assert.False(Starts(new(), "http://0.0.0.0:1", clientCa: "ca.pem")); // which wants no certificates
    }

    [Fact]
    public void Silos_off_loopback_want_certificates_or_the_word_of_their_operator()
    {
        Assert.False(Joins(new() { Address = "10.0.0.1" }));
        Assert.True(Joins(new() { Address = "10.0.0.1", AllowPlaintext = true }));
        Assert.True(Joins(new() { Address = "10.0.0.1", Tls = new() { Certificate = "a", Key = "b", Ca = "c" } }));
        Assert.True(Joins(new()));
    }

    private static bool Starts(AuthOptions auth, string url, string? clientCa = null) =>
        new ExposureRules(Options.Create(auth)).Validate(null, new HttpOptions { Urls = url, Tls = new() { ClientCa = clientCa } }).Succeeded;

    private static bool Joins(SiloOptions silo) => new ExposureRules(Options.Create(new AuthOptions())).Validate(null, silo).Succeeded;
}
