using System.Net;
using System.Security.Cryptography;
using System.Text;
using FlowGrain.Silo.Inference;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>
/// Lets in who holds a key: viewers may look, operators may change. Without configured keys everyone may who reaches the silo,
/// except pages of other sites in a browser on its machine.
/// </summary>
internal sealed class Gate(RequestDelegate next, IOptions<AuthOptions> auth)
{
    private const string Scheme = "Bearer ";

    public Task Invoke(HttpContext context)
    {
        if (IsOfAnotherSite(context.Request)) return Refuse(context, StatusCodes.Status403Forbidden, "A page of another site may not call this API.");
        if (auth.Value.Keys is not [_, ..] keys) return next(context);
        if (KeyOf(context.Request) is not { } key) return Refuse(context, StatusCodes.Status401Unauthorized, "This cluster wants a key: 'Authorization: Bearer KEY', or the variable FLOWGRAIN_API_KEY of the command line.");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var known = keys.FirstOrDefault(one => CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(one.Sha256)));
        if (known is null) return Refuse(context, StatusCodes.Status401Unauthorized, "The key is not one of this cluster's.");
        return known.Role == ApiRole.Operator || IsLook(context.Request)
            ? next(context)
            : Refuse(context, StatusCodes.Status403Forbidden, $"The key '{known.Name}' may look and not change; use one of an operator.");
    }

    /// <summary>Whether it guards what is asked for: all but health, metrics and pages.</summary>
    internal static bool Guards(HttpContext context) => context.Request.Path is var path &&
        (path.StartsWithSegments("/api") || (path.StartsWithSegments(InferenceEndpoints.Root) && !path.StartsWithSegments($"{InferenceEndpoints.Root}/health")));

    /// <summary>Whether the request changes nothing; asking a model does not.</summary>
    private static bool IsLook(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || (HttpMethods.IsPost(request.Method) && AsksModel(request.Path));

    private static bool AsksModel(PathString path) =>
        (path.StartsWithSegments(InferenceEndpoints.Root) && path.Value!.EndsWith("/infer", StringComparison.Ordinal)) ||
        (path.StartsWithSegments($"{ApiHosting.Root}/models") && path.Value!.EndsWith("/log-densities", StringComparison.Ordinal));

    private static string? KeyOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;

    // Without keys, a page elsewhere could reach a loopback silo through its visitor's browser: by its own name, or by one that it lets point to loopback.
    private bool IsOfAnotherSite(HttpRequest request)
    {
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != request.Host.Value)) return true;
        var isOpen = auth.Value.Keys is not [_, ..] && !auth.Value.AllowAnonymous;
        return isOpen && !IsLoopback(request.Host.Host);
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private Task Refuse(HttpContext context, int status, string sentence)
    {
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        return Faults.Answer(context, Faults.Problem(status, "Not let in", sentence));
    }
}
