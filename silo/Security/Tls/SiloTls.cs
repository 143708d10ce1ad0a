using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace FlowGrain.Silo.Security.Tls;

/// <summary>
/// Connections between silos, and with Orleans clients, in TLS: both sides show a certificate of the cluster's CA, and having one is
/// the right to join. Names in certificates are not looked at, since silos come and go with their addresses.
/// </summary>
internal sealed partial class SiloTls : IDisposable
{
    private const SslProtocols Versions = SslProtocols.Tls12 | SslProtocols.Tls13;
    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(5); // as long as Orleans lets a connection take to open

    private readonly Lazy<Renewed<TlsIdentity>> _files; // read with the first connection: Orleans makes this before the settings are checked
    private readonly TimeProvider _clock;
    private readonly ILogger<SiloTls> _logger;

    public SiloTls(TlsFiles files, TimeProvider clock, ILogger<SiloTls> logger)
    {
        (_clock, _logger) = (clock, logger);
        _files = new(() => files.Follow(clock, NotTaken));
    }

    /// <summary>Lets in who connected to this process.</summary>
    internal Task Accept(ConnectionContext connection, ConnectionDelegate next) =>
        Secure(connection, next, (stream, cancellation) => stream.AuthenticateAsServerAsync(Server(_files.Value.Current), cancellation));

    /// <summary>Shows this process to whom it connected to.</summary>
    internal Task Open(ConnectionContext connection, ConnectionDelegate next) =>
        Secure(connection, next, (stream, cancellation) => stream.AuthenticateAsClientAsync(Client(_files.Value.Current), cancellation));

    public void Dispose()
    {
        if (_files.IsValueCreated) _files.Value.Dispose();
    }

    private async Task Secure(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> handshake)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new TransportStream(plain), leaveInnerStreamOpen: false);
        if (!await TryShakeHands(connection, stream, handshake)) return; // which closes the connection
        var secure = new SecureTransport(stream);
        try
        {
            connection.Transport = secure;
            await next(connection);
        }
        finally
        {
            connection.Transport = plain;
            await secure.Complete();
        }
    }

    private async Task<bool> TryShakeHands(ConnectionContext connection, SslStream stream, Func<SslStream, CancellationToken, Task> handshake)
    {
        using var late = new CancellationTokenSource(Handshake, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, connection.ConnectionClosed);
        try
        {
            await handshake(stream, either.Token);
            return true;
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            NoHands($"{connection.RemoteEndPoint}", late.IsCancellationRequested ? "it did not answer in time" : error.Message.TrimEnd('.'));
            return false;
        }
    }

    private static SslServerAuthenticationOptions Server(TlsIdentity identity) => new()
    {
        ServerCertificateContext = identity.Certificate,
        ClientCertificateRequired = true,
        CertificateChainPolicy = identity.Trust(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && IsMember(errors),
        EnabledSslProtocols = Versions,
        AllowTlsResume = false, // a certificate is looked at on every connection
    };

    private static SslClientAuthenticationOptions Client(TlsIdentity identity) => new()
    {
        TargetHost = "flowgrain", // which is not compared
        ClientCertificateContext = identity.Certificate,
        CertificateChainPolicy = identity.Trust(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && IsMember(errors),
        EnabledSslProtocols = Versions,
        AllowTlsResume = false,
    };

    private static bool IsMember(SslPolicyErrors errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;

    [LoggerMessage(EventId = 4303, Level = LogLevel.Error, Message = "The certificate of this silo stays as it was: {Fault}")]
    private partial void NotTaken(string fault);

    [LoggerMessage(EventId = 4304, Level = LogLevel.Warning, Message = "No TLS with {Remote} ({Fault}); both sides must have Silo:Tls, with certificates of one CA.")]
    private partial void NoHands(string remote, string fault);
}
