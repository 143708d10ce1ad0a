using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlowGrain.Client;

/// <summary>What is wrong with how a cluster is to be reached, all of it at once.</summary>
internal sealed class FlowGrainClientRules(IServiceProviderIsService services) : IValidateOptions<FlowGrainClientOptions>
{
    private const int MostCalls = 64, MostRows = 65_536; // which a silo takes in one request
    private static readonly TimeSpan LongestPatience = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, FlowGrainClientOptions options)
    {
        string[] faults = [.. Address(options), .. Key(options), .. Bounds(options)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Address(FlowGrainClientOptions options)
    {
        if (options.Url is not { } url)
        {
            if (!services.IsService(typeof(IGrainFactory))) yield return $"{Name(nameof(options.Url))} is not set and this host has no Orleans client; set it to a silo's address, such as http://127.0.0.1:8080, or add UseOrleansClient.";
        }
        else if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
        {
            yield return $"{Name(nameof(options.Url))} is '{url}', which is no address of a silo; give one such as http://127.0.0.1:8080.";
        }
        else if (url.UserInfo != "" || url.Query != "" || url.Fragment != "")
        {
            yield return $"{Name(nameof(options.Url))} has more than an address and a path; the key belongs into {Name(nameof(options.ApiKey))}.";
        }
    }

    private static IEnumerable<string> Key(FlowGrainClientOptions options)
    {
        if (options.ApiKey is not { Length: > 0 } key) yield break;
        if (options.Url is null) yield return $"{Name(nameof(options.ApiKey))} is set without {Name(nameof(options.Url))}; keys are shown over HTTP alone, so set that too or leave both.";
        if (!key.All(letter => letter is > ' ' and <= '~')) yield return $"{Name(nameof(options.ApiKey))} has a space, a line end or a letter beyond ASCII in it; give the key as it was made.";
    }

    private static IEnumerable<string> Bounds(FlowGrainClientOptions options)
    {
        if (options.Patience <= TimeSpan.Zero || options.Patience > LongestPatience) yield return $"{Name(nameof(options.Patience))} is {options.Patience}; take more than nothing and at most {LongestPatience}.";
        if (options.Concurrency is < 1 or > MostCalls) yield return $"{Name(nameof(options.Concurrency))} is {options.Concurrency}; take 1 to {MostCalls}.";
        if (options.CallRows is < 1 or > MostRows) yield return $"{Name(nameof(options.CallRows))} is {options.CallRows}; take 1 to {MostRows}.";
    }

    private static string Name(string setting) => $"{FlowGrainClientOptions.Section}:{setting}";
}
