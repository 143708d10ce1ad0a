using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security.Tls;

/// <summary>Certificates that can be shown, or sentences that say what is wrong with their files.</summary>
internal sealed class TlsRules : IValidateOptions<HttpOptions>, IValidateOptions<SiloOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        var faults = options.Tls.IsSet ? options.Tls.Files.Faults().ToList() : [];
        if (options.Tls.IsSet && !options.HasHttps) faults.Add("Http:Tls is set, and no address in Http:Urls is https; write https://… there, or leave Http:Tls out.");
        if (!options.Tls.IsSet && options.HasHttps) faults.Add("Http:Urls has an https address without a certificate; name its PEM files with Http:Tls:Certificate and Http:Tls:Key.");
        return Result(faults);
    }

    public ValidateOptionsResult Validate(string? name, SiloOptions options) => Result(options.Tls.IsSet ? [.. Faults(options.Tls)] : []);

    private static IEnumerable<string> Faults(SiloTlsOptions tls)
    {
        if (tls.Ca is null) return ["Silo:Tls:Ca is not set; name the PEM file of the CA that signs the certificates of the cluster's silos."];
        var faults = tls.Files.Faults().ToList();
        if (faults.Count > 0) return faults;
        using var files = tls.Files.Follow(TimeProvider.System, _ => { });
        return files.Current.BelievesItself() ? [] : [$"Silo:Tls:Certificate is '{tls.Certificate}', which is none of the CA in '{tls.Ca}' that is valid now; no silo would talk to this one. Name one that the CA has signed."];
    }

    private static ValidateOptionsResult Result(List<string> faults) => faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
}
