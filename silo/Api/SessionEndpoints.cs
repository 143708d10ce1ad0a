using FlowGrain.Silo.Security;

namespace FlowGrain.Silo.Api;

/// <summary>Sessions: <c>/api/v1/session</c>, for pages that a browser opens by itself and so without a key.</summary>
internal static class SessionEndpoints
{
    /// <summary>Their path.</summary>
    internal const string Path = $"{ApiHosting.Root}/session";

    internal static RouteGroupBuilder MapSessions(this RouteGroupBuilder api)
    {
        api.MapPost("/session", Begin).WithSummary("Gives a browser a cookie with which it may look at /orleans for an hour").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapDelete("/session", End).WithSummary("Takes that cookie away").Produces(StatusCodes.Status204NoContent);
        return api;
    }

    private static IResult Begin(HttpContext context, KeyRing keys, Sessions sessions)
    {
        if (!keys.IsGuarded) return TypedResults.NoContent(); // everyone may look who reaches it
        if (context.Features.Caller()?.Key is not { } key || sessions.Begin(key) is not { } session) throw new BadInputException("A session is for the holder of a key; a token shows itself at /orleans in the header 'Authorization: Bearer TOKEN'.");
        context.Response.Cookies.Append(Sessions.Cookie, session, Options(context, Sessions.Length));
        return TypedResults.NoContent();
    }

    private static IResult End(HttpContext context)
    {
        context.Response.Cookies.Append(Sessions.Cookie, "", Options(context, TimeSpan.Zero));
        return TypedResults.NoContent();
    }

    private static CookieOptions Options(HttpContext context, TimeSpan length) => new()
    {
        Path = GrainPages.Root, // to nothing else does a browser send it
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        MaxAge = length,
        IsEssential = true,
    };
}
