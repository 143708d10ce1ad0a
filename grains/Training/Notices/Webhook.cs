using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace FlowGrain.Training;

/// <summary>Posts a notice, again and again for two minutes where its receiver is away or busy.</summary>
internal static class Webhook
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { Timeout = TimeSpan.FromSeconds(10) };

    private static readonly RepeatRule Rule = new() { IsTransient = IsTransient, Wait = (pause, _) => 10 * pause }; // from half a second to ten

    /// <summary>Returns when it was taken.</summary>
    /// <exception cref="HttpRequestException">It was refused, or nobody took it.</exception>
    internal static async Task Post(Uri url, string json, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            await Repeated.Call(() => Once(url, json, cancellation), clock, Rule, cancellation);
        }
        catch (ClusterUnreachableException silence)
        {
            throw new HttpRequestException($"{url.GetLeftPart(UriPartial.Authority)} did not take it for two minutes: {silence.InnerException!.Message}", silence.InnerException);
        }
    }

    private static async Task<bool> Once(Uri url, string json, CancellationToken cancellation)
    {
        using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await Http.PostAsync(url, content, cancellation);
        return answer.EnsureSuccessStatusCode().IsSuccessStatusCode;
    }

    private static bool IsTransient(Exception error) => error switch
    {
        HttpRequestException { StatusCode: { } status } => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        HttpRequestException => true,
        OperationCanceledException { InnerException: TimeoutException } => true, // ten seconds without an answer
        _ => false,
    };
}
