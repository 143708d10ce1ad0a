using System.Security.Authentication;

namespace FlowGrain.Client;

/// <summary>Why a request had no answer, and what can be done about it: .NET says of most reasons that they are in an inner exception.</summary>
internal static class Unanswered
{
    /// <summary>What happened, as a clause.</summary>
    internal static string Fault(HttpRequestException error) => Innermost(error).Message.TrimEnd('.');

    /// <summary>What to do, as a clause; null where all there is to do is to look for the silo.</summary>
    internal static string? Remedy(Exception? error) => error is not HttpRequestException { HttpRequestError: var kind } ? null : Innermost(error) switch
    {
        AuthenticationException { Message: var said } when said.Contains("NameMismatch", StringComparison.Ordinal) => "ask for it by a name that its certificate has",
        AuthenticationException { Message: var said } when said.Contains("certificate", StringComparison.OrdinalIgnoreCase) => "name the PEM file of the CA that signed its certificate in the variable SSL_CERT_FILE, if you trust it",
        _ when kind is HttpRequestError.SecureConnectionError => "look whether it speaks TLS there, or http, and which certificates it wants",
        _ when kind is HttpRequestError.ResponseEnded or HttpRequestError.Unknown && Innermost(error) is IOException => "look whether it runs, speaks https there and not http, or wants a certificate of its clients (Http:Tls:ClientCa), which this program has none of",
        _ => null,
    };

    private static Exception Innermost(Exception error) => error.InnerException is { } inner and not System.Net.Sockets.SocketException ? Innermost(inner) : error;
}
