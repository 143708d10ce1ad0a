using Microsoft.AspNetCore.Http.Features;

namespace FlowGrain.Silo.Security;

/// <summary>Finds out who sends a request, and refuses nobody.</summary>
internal sealed class Identification(RequestDelegate next, KeyRing keys, Sessions sessions, Tokens tokens)
{
    private const string Scheme = "Bearer ";

    public async Task Invoke(HttpContext context)
    {
        context.Features.Set(await CallerOf(context));
        await next(context);
    }

    private async Task<Caller> CallerOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (!keys.IsGuarded) return context.Connection.ClientCertificate is { } certificate ? Caller.Of(certificate) : Caller.At(address, ApiRole.Operator);
        if (KeyOf(context.Request) is not { } key) return SessionOf(context.Request) is { } session ? Caller.Of(session) with { Role = ApiRole.Viewer, Key = null } : Refused("This cluster wants a key: 'Authorization: Bearer KEY', or the variable FLOWGRAIN_API_KEY of the command line.");
        if (keys.Find(key) is { } known) return Caller.Of(known);
        if (!tokens.AreTaken) return Refused("The key is not one of this cluster's.");
        var (caller, refusal) = await tokens.Read(key, context.RequestAborted);
        return caller is null ? Caller.At(address, role: null, refusal) : caller with { Refusal = refusal };

        Caller Refused(string sentence) => Caller.At(address, role: null, new(StatusCodes.Status401Unauthorized, sentence));
    }

    // At no other path: what else a browser does by itself must not do anything in its user's name.
    private ApiKey? SessionOf(HttpRequest request) =>
        request.Path.StartsWithSegments(GrainPages.Root) && request.Cookies[Sessions.Cookie] is { } session ? sessions.Find(session) : null;

    private static string? KeyOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
}

/// <summary>What was found out.</summary>
internal static class Callers
{
    /// <summary>Who sent the request; null where nobody asked.</summary>
    internal static Caller? Caller(this IFeatureCollection features) => features.Get<Caller>();
}
