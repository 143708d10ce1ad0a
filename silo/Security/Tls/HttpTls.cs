using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security.Tls;

/// <summary>The certificate of the API, as its files say it when a client connects.</summary>
internal sealed partial class HttpTls(IOptions<HttpOptions> http, TimeProvider clock, ILogger<HttpTls> logger) : IConfigureOptions<KestrelServerOptions>, IDisposable
{
    private Renewed<TlsIdentity>? _files;

    public void Configure(KestrelServerOptions options) => options.ConfigureHttpsDefaults(Show); // which looks at the settings when it listens: they are checked by then

    private void Show(HttpsConnectionAdapterOptions https)
    {
        var files = _files ??= http.Value.Tls.Files.Follow(clock, NotTaken);
        if (http.Value.Tls.ClientCa is not null) https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ServerCertificateSelector = (_, _) => files.Current.Certificate.TargetCertificate; // or Kestrel would look for one of its own
        https.OnAuthenticate = (_, tls) =>
        {
            var identity = files.Current;
            (tls.ServerCertificateSelectionCallback, tls.ServerCertificateContext) = (null, identity.Certificate); // with those between it and its CA
            if (identity.Trust() is { } trust) tls.CertificateChainPolicy = trust;
        };
    }

    public void Dispose() => _files?.Dispose();

    [LoggerMessage(EventId = 4302, Level = LogLevel.Error, Message = "The certificate of the API stays as it was: {Fault}")]
    private partial void NotTaken(string fault);
}
