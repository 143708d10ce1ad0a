using System.Net;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security;

/// <summary>Nobody gets in by default: what listens off loopback needs a word of its operator.</summary>
internal sealed class ExposureRules(IOptions<AuthOptions> auth, IConfiguration configuration) : IValidateOptions<SiloOptions>, IValidateOptions<HttpOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        if (options.IPAddress is not { } address)
            return ValidateOptionsResult.Fail($"Silo:Address is '{options.Address}'; it must be an IP address of this machine, the one that other silos reach.");
        return IPAddress.IsLoopback(address) || options.AllowPlaintext || options.Tls.IsSet
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Silo:Address is {options.Address}, off loopback, and silos would talk in plain text; give them certificates with Silo:Tls, or set Silo:AllowPlaintext=true on a network that you trust.");
    }

    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        string?[] each = [.. options.ApiAddresses.Select(url => Fault("Http:Urls", url, options)), .. options.GrpcAddresses.Select(url => Fault("Http:GrpcUrls", url, options)), OtherAddresses()];
        var faults = each.OfType<string>().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string? Fault(string setting, string url, HttpOptions options)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return $"{setting} has '{url}', which is not a URL such as http://127.0.0.1:8080.";
        if (!IsAddress(url, out var isLoopback)) return $"{setting} has '{url}', and a host by its name would be listened for on every address of this machine; write an IP address, or localhost.";
        var wantsCertificates = uri.Scheme == Uri.UriSchemeHttps && options.Tls.ClientCa is not null;
        return isLoopback || wantsCertificates || IsGuarded() || auth.Value.AllowAnonymous
            ? null
            : $"{setting} has {url}, open to the network without keys; listen on 127.0.0.1, configure Auth:Keys, Auth:KeysFile, Auth:Jwt or Http:Tls:ClientCa, or set Auth:AllowAnonymous=true if everyone may call it.";
    }

    /// <summary>Whether the server listens on one address for a URL, read as the server reads it.</summary>
    private static bool IsAddress(string url, out bool isLoopback)
    {
        var host = BindingAddress.Parse(url).Host.Trim('[', ']');
        var isLocalhost = host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        isLoopback = isLocalhost || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return isLocalhost || IPAddress.TryParse(host, out _);
    }

    private string? OtherAddresses() => configuration.GetSection("Kestrel:Endpoints").Exists()
        ? "Kestrel:Endpoints is set, and would listen where nobody is asked for a key; name the addresses in Http:Urls and Http:GrpcUrls, and certificates in Http:Tls."
        : null;

    private bool IsGuarded()
    {
        try
        {
            return auth.Value.IsGuarded;
        }
        catch (OptionsValidationException)
        {
            return true; // it is refused for that, with all other faults
        }
    }
}
