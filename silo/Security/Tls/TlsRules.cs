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

    private static IEnumerable<string> Faults(SiloTlsOptions tls) => tls.Ca is null
        ? ["Silo:Tls:Ca is not set; name the PEM file of the CA that signs the certificates of the cluster's silos."]
        : tls.Files.Faults();

    private static ValidateOptionsResult Result(List<string> faults) => faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
}
