using System.Collections.Immutable;
using System.Reflection;

namespace FlowGrain.Silo.Api;

/// <summary>The parameters that a call takes behind the <c>?</c> of its address. One that it does not take is a slip: what its sender wanted would not be done, and nobody would hear of it.</summary>
/// <param name="Call">The call, for people.</param>
/// <param name="Names">Their names.</param>
internal sealed record QueryNames(string Call, ImmutableArray<string> Names)
{
    private static readonly ImmutableArray<Type> Kinds = [typeof(string), typeof(int), typeof(long), typeof(double), typeof(bool), typeof(double[])];

    /// <summary>Lets a request on whose parameters its call takes.</summary>
    /// <exception cref="BadInputException">It has another.</exception>
    internal static Task Require(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Query.Count > 0 && context.GetEndpoint()?.Metadata.GetMetadata<QueryNames>() is { } known)
            foreach (var name in context.Request.Query.Keys) known.Require(context.Request.Method, name);
        return next(context);
    }

    /// <summary>Those of a call: what its method takes of an address, and is not in its path.</summary>
    internal static QueryNames Of(RouteEndpointBuilder call)
    {
        var inPath = call.RoutePattern.Parameters.Select(parameter => parameter.Name);
        var taken = call.Metadata.OfType<MethodInfo>().SelectMany(method => method.GetParameters()).Where(parameter => Kinds.Contains(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType));
        return new(call.RoutePattern.RawText ?? "", [.. taken.Select(parameter => parameter.Name!).Except(inPath, StringComparer.OrdinalIgnoreCase)]);
    }

    private void Require(string method, string name)
    {
        if (Names.Contains(name, StringComparer.OrdinalIgnoreCase)) return;
        var takes = Names.IsEmpty ? "none" : string.Join(", ", Names);
        throw new BadInputException($"There is no parameter '{Excerpt.Of(name)}' of {method} {Call}, which takes {takes}{Nearest.Hint(Excerpt.Of(name), Names, "; correct its name or take it out.")}");
    }
}
