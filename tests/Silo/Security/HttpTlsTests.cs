using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Silo;
using FlowGrain.Silo.Security.Tls;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>The API in TLS.</summary>
public sealed class HttpTlsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCa _ca;

    public HttpTlsTests() => _ca = new(_folder.Path);

    public void Dispose()
    {
        _ca.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_who_connects_next_and_a_damaged_one_is_not()
    {
        var (certificate, key) = _ca.Sign("silo", days: 1);
        await using var host = await GuardedHost.Start([$"Http:Tls:Certificate={certificate}", $"Http:Tls:Key={key}"], handler: _ca.Believer(), scheme: "https");
        Assert.Equal(200, (await host.Ask(key: null)).Status);
        var first = await Shown(host);

        File.WriteAllText(certificate, "half a certificate");
        host.Look();
        Assert.Equal(first, await Shown(host));
        Assert.Contains($"FlowGrain.Silo.Security.Tls.HttpTls: The certificate of the API stays as it was: Http:Tls:Certificate is '{certificate}', which has no certificate in PEM; name a file with '-----BEGIN CERTIFICATE-----'.", host.Logged);

        _ca.Sign("silo", days: 1);
        host.Look();
        Assert.NotEqual(first, await Shown(host));
    }

    [Fact]
    public async Task Who_must_show_a_certificate_and_has_none_of_that_authority_gets_no_answer()
    {
        var (certificate, key) = _ca.Sign("silo");
        using var clients = new TestCa(_folder.Path, "clients");
        using var ada = X509Certificate2.CreateFromPemFile(clients.Sign("ada").Certificate, _folder.In("ada.key"));
        using var eve = X509Certificate2.CreateFromPemFile(_ca.Sign("eve").Certificate, _folder.In("eve.key"));
        await using var host = await GuardedHost.Start([$"Http:Tls:Certificate={certificate}", $"Http:Tls:Key={key}", $"Http:Tls:ClientCa={clients.Path}"], handler: Showing(ada), scheme: "https");
        Assert.Equal(200, (await host.Ask(key: null, method: "DELETE")).Status);
        Assert.Contains(host.Logged, line => line == "FlowGrain.Audit: certificate CN=ada: DELETE /api/v1/runs 200");
        using var other = new HttpClient(Showing(eve)) { BaseAddress = host.Url };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => other.GetAsync("/api/v1/runs", TestContext.Current.CancellationToken));
        using var nobody = new HttpClient(_ca.Believer()) { BaseAddress = host.Url };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => nobody.GetAsync("/api/v1/runs", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_client_says_what_to_do_about_a_certificate_that_it_does_not_believe_and_about_http_where_https_is_spoken()
    {
        var (certificate, key) = _ca.Sign("silo");
        await using var host = await GuardedHost.Start([$"Http:Tls:Certificate={certificate}", $"Http:Tls:Key={key}"], handler: _ca.Believer(), scheme: "https");
        Assert.Matches("certificate .*; name the PEM file of the CA that signed its certificate in the variable SSL_CERT_FILE, if you trust it.$", await Unreached(host.Url));
        Assert.Matches("; look whether it runs, speaks https there and not http, or wants a certificate", await Unreached(new UriBuilder(host.Url) { Scheme = "http" }.Uri));

        static async Task<string> Unreached(Uri silo)
        {
            using var http = new HttpClient { BaseAddress = new Uri(silo, "/api/v1/") };
            var cluster = new HttpCluster(http, new AnswerFiles(), TimeProvider.System, _ => { });
            return (await Assert.ThrowsAsync<ClusterUnreachableException>(() => cluster.Greet(TestContext.Current.CancellationToken))).Message;
        }
    }

    [Fact]
    public void Files_that_cannot_be_used_are_refused_in_sentences()
    {
        var (certificate, key) = _ca.Sign("silo");
        var (_, other) = _ca.Sign("other");
        Assert.Empty(Faults(certificate, key));
        Assert.Equal(["Http:Tls:Key is not set; Http:Tls needs a certificate and its key, as PEM files."], Faults(certificate, null));
        Assert.Equal([$"Http:Tls:Key is '{other}', which is not the private key of the certificate in '{certificate}', or is damaged; name the key that it was made with."], Faults(certificate, other));
        Assert.Equal([$"Http:Tls:Key is '{certificate}', which has no private key in PEM; name a file with '-----BEGIN PRIVATE KEY-----'."], Faults(certificate, certificate));
        var locked = _folder.Write("locked.key", Locked());
        Assert.Equal([$"Http:Tls:Key is '{locked}', which is locked with a passphrase, which nobody types where a silo starts; write it without one, with 'openssl pkey -in OLD -out NEW', and let nobody else read it."], Faults(certificate, locked));
        Assert.Equal([$"Http:Tls:Certificate is '{key}', which has no certificate in PEM; name a file with '-----BEGIN CERTIFICATE-----'."], Faults(key, key));
        Assert.Equal(
            [$"Http:Tls:Certificate is '{_folder.In("absent")}', which is not there; put it there, or name another.", $"Http:Tls:Key is '{_folder.Path}', which cannot be read by this user; change its permissions, or name another."],
            Faults(_folder.In("absent"), _folder.Path));

        static IEnumerable<string> Faults(string? certificate, string? key) => new HttpTlsOptions { Certificate = certificate, Key = key }.Files.Faults();
    }

    [Fact]
    public void A_certificate_that_others_of_the_authority_would_not_believe_keeps_a_silo_from_starting()
    {
        using var others = new TestCa(_folder.Path, "others");
        var (certificate, key) = _ca.Sign("silo");
        Assert.True(Valid(_ca.Path));
        Assert.False(Valid(others.Path));
        (certificate, key) = _ca.Sign("silo", days: 0);
        Assert.False(Valid(_ca.Path)); // it has expired

        bool Valid(string ca) => new TlsRules().Validate(null, new SiloOptions { Tls = new() { Certificate = certificate, Key = key, Ca = ca } }).Succeeded;
    }

    [Theory, InlineData(0, "has a certificate that has expired on "), InlineData(1, "")]
    public void A_certificate_that_has_expired_is_refused_with_the_time_and_what_to_do(int days, string words)
    {
        var (certificate, key) = _ca.Sign("old", days);
        var faults = new HttpTlsOptions { Certificate = certificate, Key = key }.Files.Faults();
        if (words == "") Assert.Empty(faults);
        else Assert.Matches($"^Http:Tls:Certificate is '{certificate}', which {words}[-0-9]{{10}} [:0-9]{{5}} UTC; have its CA sign a new one.$", Assert.Single(faults));
    }

    private static string Locked()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 1));
    }

    private HttpClientHandler Showing(X509Certificate2 certificate)
    {
        var handler = _ca.Believer();
        handler.ClientCertificates.Add(certificate);
        return handler;
    }

    /// <summary>The serial number of the certificate that a new connection sees.</summary>
    private static async Task<string> Shown(GuardedHost host)
    {
        var seen = "";
        using var client = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => (seen = certificate!.SerialNumber) != "" });
        await client.GetAsync(host.Url, TestContext.Current.CancellationToken);
        return seen;
    }
}
