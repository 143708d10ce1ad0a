using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>Who is told that a run has finished, stopped or failed. Bound from the <c>Notify</c> section.</summary>
public sealed record NotifyOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Notify";

    /// <summary>Gets the notice by POST, as JSON; http or https. Default nobody.</summary>
    public string? Url { get; init; }

    /// <summary>A command for /bin/sh, which gets the notice on its standard input. Default none.</summary>
    public string? Command { get; init; }

    /// <summary><see cref="Url"/>, read; null where there is none.</summary>
    internal Uri? Address => Uri.TryCreate(Url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) ? address : null;
}

/// <summary>Addresses that nobody could be told at.</summary>
internal sealed class NotifyRules : IValidateOptions<NotifyOptions>
{
    public ValidateOptionsResult Validate(string? name, NotifyOptions options) => options is { Url: { Length: > 0 } url, Address: null }
        ? ValidateOptionsResult.Fail($"Notify:Url is '{url}'; it must be a URL such as https://chat.example.org/hooks/1.")
        : ValidateOptionsResult.Success;
}
