using FlowGrain.Silo.Security.Tls;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>Certificates of silos that change while they run.</summary>
public sealed class SiloTlsRenewalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_renewed_certificate_of_another_authority_is_not_taken()
    {
        using var ca = new TestCa(_folder.Path);
        using var other = new TestCa(_folder.Path, "other");
        var (certificate, key) = ca.Sign("silo");
        var (clock, refused) = (new FakeTimeProvider(), new List<string>());
        using var files = new SiloTlsOptions { Certificate = certificate, Key = key, Ca = ca.Path }.Files.Follow(clock, refused.Add);
        var first = files.Current;

        other.Sign("silo");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(first, files.Current);
        Assert.StartsWith($"Silo:Tls:Certificate is '{certificate}', which is none of the CA in '{ca.Path}' that is valid now", Assert.Single(refused), StringComparison.Ordinal);

        ca.Sign("silo");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, files.Current);
    }
}
