using FlowGrain.Tests.Cluster;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>A silo process with certificates.</summary>
public sealed class SecureSiloTests(SecureSilo silo) : IClassFixture<SecureSilo>
{
    [Fact]
    public async Task The_command_line_reaches_it_over_https_where_the_system_knows_its_authority()
    {
        var (code, _, errors) = await Command(("SSL_CERT_FILE", silo.Ca.Path));
        Assert.True(code == 0, errors);
        var (unknown, _, sentence) = await Command();
        Assert.True(unknown == 3, sentence);
        Assert.Contains("SSL", sentence);
    }

    [Fact]
    public async Task A_browser_is_told_to_come_back_over_https_alone_and_no_server_is_named()
    {
        using var client = new HttpClient(silo.Ca.Believer());
        using var answer = await client.GetAsync(new Uri(silo.Secure, "/api/v1/runs"), TestContext.Current.CancellationToken);
        Assert.Equal(["max-age=31536000"], answer.Headers.GetValues("Strict-Transport-Security"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Empty(answer.Headers.Server);
    }

    [Theory]
    [InlineData("api/v1/models/nobody", "There is no model 'nobody', and no other under 'Storage:Root/models'; train one first.")]
    [InlineData("v2/models/nobody", "There is no model 'nobody', and no other under 'Storage:Root/models'; train one first.")]
    public async Task A_sentence_names_its_folders_by_their_settings(string path, string sentence)
    {
        using var answer = await silo.Http.GetAsync(new Uri(silo.Url, path), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(sentence, text.Replace("\\u0027", "'", StringComparison.Ordinal));
        Assert.DoesNotContain(silo.Root, text);
    }

    [Fact]
    public async Task A_change_is_in_its_log()
    {
        await silo.Http.DeleteAsync("runs/nobody", TestContext.Current.CancellationToken);
        await silo.Logs("anonymous 127.0.0.1: DELETE /api/v1/runs/nobody 204");
    }

    private Task<(int Code, string Output, string Errors)> Command(params (string, string)[] environment) =>
        RealProcess.Start(RealProcess.Program("FlowGrain.Cli", "flowgrain.dll"), ["runs", "--cluster", $"{silo.Secure}"], environment).End();
}

/// <summary>A silo that listens in plain text and in TLS.</summary>
public sealed class SecureSilo : OneSilo
{
    private readonly TempFolder _certificates;

    public SecureSilo() : this(new TempFolder())
    {
    }

    private SecureSilo(TempFolder certificates) : this(certificates, new TestCa(certificates.Path))
    {
    }

    private SecureSilo(TempFolder certificates, TestCa ca) : base([.. Settings(ca)]) => (_certificates, Ca) = (certificates, ca);

    internal TestCa Ca { get; }

    internal Uri Secure { get; } = new($"https://localhost:{Ports.Free()}");

    private protected override string Urls => $"{Url};{Secure}";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Ca.Dispose();
        _certificates.Dispose();
    }

    private static IEnumerable<string> Settings(TestCa ca)
    {
        var (certificate, key) = ca.Sign("silo");
        return [$"Http:Tls:Certificate={certificate}", $"Http:Tls:Key={key}"];
    }
}
