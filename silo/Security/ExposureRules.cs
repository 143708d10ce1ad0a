using System.Net;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security;

/// <summary>Nobody gets in by default: what listens off loopback needs a word of its operator.</summary>
internal sealed class ExposureRules(IOptions<AuthOptions> auth) : IValidateOptions<SiloOptions>, IValidateOptions<HttpOptions>
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
        var faults = options.Addresses.Select(url => Fault(url, options)).OfType<string>().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string? Fault(string url, HttpOptions options)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return $"Http:Urls has '{url}', which is not a URL such as http://127.0.0.1:8080.";
        var wantsCertificates = uri.Scheme == Uri.UriSchemeHttps && options.Tls.ClientCa is not null;
        return uri.IsLoopback || wantsCertificates || IsGuarded() || auth.Value.AllowAnonymous
            ? null
            : $"Http:Urls has {url}, open to the network without keys; listen on 127.0.0.1, configure Auth:Keys, Auth:KeysFile, Auth:Jwt or Http:Tls:ClientCa, or set Auth:AllowAnonymous=true if everyone may call it.";
    }

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
