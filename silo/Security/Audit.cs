using System.Globalization;
using System.Text;

namespace FlowGrain.Silo.Security;

/// <summary>Writes down who changed something, or was not let in: one line of the category FlowGrain.Audit for each request.</summary>
internal sealed partial class Audit(RequestDelegate next, ILoggerFactory loggers)
{
    private const int Longest = 200; // characters of a field

    private readonly ILogger _logger = loggers.CreateLogger("FlowGrain.Audit");

    public async Task Invoke(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            var (request, status) = (context.Request, context.Features.Get<Refusal>()?.Status ?? context.Response.StatusCode);
            if (!Gate.IsLook(request) || status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
                Asked(Clean(context.Features.Caller()?.Name ?? "nobody"), Clean(request.Method), Clean($"{request.Path.Value}{request.QueryString.Value}"), status);
        }
    }

    /// <summary>One line, not longer than a field may be: what a client sends must not look like lines of ours.</summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, Longest) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= Longest) return clean.Append('…').ToString();
            clean.Append(IsVisible(rune) ? rune.ToString() : "?");
        }

        return clean.ToString();
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    [LoggerMessage(EventId = 4310, Level = LogLevel.Information, Message = "{Caller}: {Method} {Path} {Status}")]
    private partial void Asked(string caller, string method, string path, int status);
}
