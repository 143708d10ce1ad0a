using System.Net;
using FlowGrain.Silo.Api;
using FlowGrain.Silo.Inference;
using FlowGrain.Silo.Inference.Grpc;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security;

/// <summary>
/// Lets in who holds a key or a token: viewers may look, operators may change. Where neither is configured everyone may who reaches
/// the silo, except pages of other sites in a browser on its machine.
/// </summary>
internal sealed class Gate(RequestDelegate next, KeyRing keys, IOptions<AuthOptions> auth)
{
    public Task Invoke(HttpContext context)
    {
        var caller = context.Features.Caller()!;
        if (IsOfAnotherSite(context.Request)) return Refuse(context, new(StatusCodes.Status403Forbidden, "A page of another site may not call this API."));
        if (IsOfAnotherName(context)) return Refuse(context, new(StatusCodes.Status403Forbidden,
            $"This silo has no keys, so that it answers to localhost and loopback addresses alone, and it was asked for as '{Excerpt.Of(context.Request.Host.Value ?? "")}' (the header Host); ask for it as localhost, give it keys with Auth:Keys, or set Auth:AllowAnonymous=true if everyone may call it."));
        if (caller.Refusal is { } refusal) return Refuse(context, refusal);
        return caller.Role == ApiRole.Operator || IsLook(context.Request) || context.Request.Path == SessionEndpoints.Path
            ? next(context)
            : Refuse(context, new(StatusCodes.Status403Forbidden, $"{caller.Subject} may look and not change, and uploads and bulk jobs write files; use one of an operator."));
    }

    /// <summary>Whether it guards what is asked for: all but health, metrics and pages that show nothing of the cluster.</summary>
    internal static bool Guards(HttpContext context) => context.Request.Path is var path &&
        (path.StartsWithSegments("/api") || path.StartsWithSegments(GrainPages.Root) || (path.StartsWithSegments(GrpcInference.Root) && !GrpcInference.IsHealth(path)) || (path.StartsWithSegments(InferenceEndpoints.Root) && !path.StartsWithSegments($"{InferenceEndpoints.Root}/health")));

    /// <summary>Whether the request changes nothing; asking a model does not.</summary>
    internal static bool IsLook(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || (HttpMethods.IsPost(request.Method) && AsksModel(request.Path));

    /// <summary>Whether log-densities of a model are asked for.</summary>
    internal static bool IsLogDensities(PathString path) => path.StartsWithSegments($"{ApiHosting.Root}/models") && path.Value!.TrimEnd('/').EndsWith("/log-densities", StringComparison.OrdinalIgnoreCase); // as routes have it

    private static bool AsksModel(PathString path) =>
        path.StartsWithSegments(GrpcInference.Root) || path == $"{InferenceEndpoints.Root}/repository/index" ||
        (path.StartsWithSegments(InferenceEndpoints.Root) && path.Value!.EndsWith("/infer", StringComparison.Ordinal)) || IsLogDensities(path);

    // Without keys, a page elsewhere could reach a loopback silo through its visitor's browser: by its own name,
    private static bool IsOfAnotherSite(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != request.Host.Value);

    // or by one that it lets point to loopback.
    private bool IsOfAnotherName(HttpContext context)
    {
        var isOpen = !keys.IsGuarded && !auth.Value.AllowAnonymous && context.Connection.ClientCertificate is null;
        return isOpen && !IsLoopback(context.Request.Host.Host);
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static Task Refuse(HttpContext context, Refusal refusal)
    {
        context.Features.Set(refusal); // for the audit log: an answer of gRPC has its status elsewhere
        if (refusal.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        return Faults.Answer(context, Faults.Problem(refusal.Status, "Not let in", refusal.Sentence));
    }
}
