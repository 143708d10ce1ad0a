using FlowGrain.Silo;
using FlowGrain.Silo.Security;
using Microsoft.Extensions.Configuration;
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

    [Theory]
    [InlineData("http://loopback:1", "Http:Urls has 'http://loopback:1', and a host by its name")]
    [InlineData("http://silo.example.org:1", "write an IP address, or localhost")]
    [InlineData("http://LOCALHOST:1", null)]
    [InlineData("http://[::1]:1", null)]
    public void The_server_listens_where_it_was_told_and_on_no_other_address(string url, string? fault)
    {
        Assert.Equal(fault is null, Starts(new() { AllowAnonymous = true }, url));
        Assert.Contains(fault ?? "", Rules(new()).Validate(null, new HttpOptions { Urls = url }).FailureMessage ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_names_the_setting_that_has_it()
    {
        var faults = Rules(new()).Validate(null, new HttpOptions { GrpcUrls = "http://0.0.0.0:2" }).Failures;
        Assert.StartsWith("Http:GrpcUrls has http://0.0.0.0:2, open to the network", Assert.Single(faults!), StringComparison.Ordinal);
        var around = Rules(new(), ("Kestrel:Endpoints:Open:Url", "http://0.0.0.0:3")).Validate(null, new HttpOptions()).Failures;
        Assert.StartsWith("Kestrel:Endpoints is set", Assert.Single(around!), StringComparison.Ordinal);
    }

    private static ExposureRules Rules(AuthOptions auth, params (string Key, string Value)[] settings) =>
        new(Options.Create(auth), new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value)).Build());

    private static bool Starts(AuthOptions auth, string url, string? clientCa = null) =>
        Rules(auth).Validate(null, new HttpOptions { Urls = url, Tls = new() { ClientCa = clientCa } }).Succeeded;

    private static bool Joins(SiloOptions silo) => Rules(new()).Validate(null, silo).Succeeded;
}
