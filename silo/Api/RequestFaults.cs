using System.Text.Json;
using System.Text.RegularExpressions;
using FlowGrain.Silo.Inference;

namespace FlowGrain.Silo.Api;

/// <summary>What is wrong with a request that cannot be read, in a sentence for people: the framework's own speak of .NET types.</summary>
internal static partial class RequestFaults
{
    private const string Fields = "docs/api.md has the fields";
    private const string NotJson = "The body is not sent as JSON; send it with the header 'Content-Type: application/json'.";

    /// <summary>Of a body whose next chunk announces more bytes than can be counted.</summary>
    internal const string LongChunk = "A chunk of the body announces a length that no body has; send the number of its bytes in hexadecimal digits before each chunk.";

    /// <summary>Of a body that came more slowly than it may.</summary>
    internal const string SlowBody = "The body came too slowly and was given up; send it again over a faster connection.";

    /// <summary>Of a request that no endpoint was given.</summary>
    internal static string Sentence(BadHttpRequestException request)
    {
        if (request.InnerException is JsonException json) return Sentence(json);
        if (request.StatusCode == StatusCodes.Status413PayloadTooLarge)
            return $"The body is larger than the {ApiHosting.LargestBody} bytes that a request may have, unpacked; send it in several, or a file as an upload.";
        if (request.StatusCode == StatusCodes.Status408RequestTimeout) return SlowBody;
        if (request.StatusCode == StatusCodes.Status415UnsupportedMediaType) return NotJson;
        if (request.Message.Contains("body", StringComparison.Ordinal) && request.Message.Contains("provided", StringComparison.Ordinal))
            return $"The request has no body; send one of JSON with the header 'Content-Type: application/json' ({Fields}).";
        if (Missing().Match(request.Message) is { Success: true } missing) return $"The address lacks '{missing.Groups[1].Value}'; add ?{missing.Groups[1].Value}=VALUE.";
        if (Unreadable().Match(request.Message) is { Success: true } value) return $"'{value.Groups[2].Value}' is '{value.Groups[3].Value}' in the address; it takes {Wanted(value.Groups[1].Value)}.";
        return request.Message;
    }

    /// <summary>Of an answer that has a status alone; null where the status says it all.</summary>
    internal static string? Sentence(HttpContext context, int? status) => status switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}; docs/api.md lists the paths, below {ApiHosting.Root} and {InferenceEndpoints.Root}.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path} does not take {context.Request.Method}; use {context.Response.Headers.Allow}.",
        StatusCodes.Status415UnsupportedMediaType => NotJson,
        _ => null,
    };

    /// <summary>What a parameter takes that is of a .NET type.</summary>
    private static string Wanted(string type) => type switch
    {
        _ when type.Contains("int", StringComparison.OrdinalIgnoreCase) => $"a whole number of at most {int.MaxValue}",
        _ when type.Contains("long", StringComparison.OrdinalIgnoreCase) => "a whole number",
        _ when type.Contains("bool", StringComparison.OrdinalIgnoreCase) => "true or false",
        _ => "a number",
    };

    private static string Sentence(JsonException json)
    {
        var (field, place) = (json.Path?.TrimStart('$').TrimStart('.'), $"line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}");
        if (Lacking().Match(json.Message) is { Success: true } lacking) return $"The body lacks {lacking.Groups[1].Value}; add it ({Fields}).";
        if (json.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"The body has a field '{field}' ({place}), which does not exist; correct its name or take it out ({Fields}).";
        if (json.InnerException is JsonException) return $"The body is no JSON at {place}: {FirstSentence(json.Message)}; mend it there.";
        return field is "" or null
            ? $"The body is JSON of another kind than is wanted here; send an object ({Fields})."
            : $"The body has a value for '{field}' ({place}) that it cannot take; correct it ({Fields}).";
    }

    private static string FirstSentence(string message) => message.Split(" Path: ", 2)[0].Split('\n', 2)[0].TrimEnd('.', ' ');

    [GeneratedRegex("""^Required parameter "\S+ (\w+)" was not provided from (?:query string|route)""")]
    private static partial Regex Missing();

    [GeneratedRegex("""^Failed to bind parameter "(\S+) (\w+)" from "(.*)"\.$""")]
    private static partial Regex Unreadable();

    [GeneratedRegex("missing required properties including: (.+?)\\.")]
    private static partial Regex Lacking();
}
